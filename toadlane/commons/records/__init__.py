"""The records of a co-op: what was decided and how, as pages, and as one file that anybody can check without a server."""
