"""The guided three minutes of a demo: what is told, by which keys it goes on, and what it proves at its end.

Nothing but the command line's `demo` imports this (pyproject.toml): a till that sells is told no story.
"""
