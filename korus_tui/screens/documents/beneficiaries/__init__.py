"""Who each ticket is made out to."""
