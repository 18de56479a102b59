"""A co-op's own pages, in Markdown."""
