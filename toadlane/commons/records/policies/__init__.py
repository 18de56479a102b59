"""The file of records: how it is packed, read and checked. Nothing here knows a database, or the settings of a server."""
