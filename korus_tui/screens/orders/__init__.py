"""Orders of earlier sales."""
