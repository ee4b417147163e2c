"""Connecting to a server."""
