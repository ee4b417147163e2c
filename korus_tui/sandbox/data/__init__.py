"""What the sandbox sells."""
