"""The till's own page, its counts, and signing in."""
