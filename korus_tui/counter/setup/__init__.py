"""The first start: a server, credentials, and whether they work."""
