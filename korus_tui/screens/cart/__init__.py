"""The sale at the counter, and those that wait."""
