"""Choosing a session for each ticket that needs one."""
