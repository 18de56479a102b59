"""The search port: an embedded index, PostgreSQL or OpenSearch behind one small interface."""
