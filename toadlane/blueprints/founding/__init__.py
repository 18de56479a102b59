"""The founding wizard: one question a page."""
