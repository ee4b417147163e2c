"""Choosing the date: of one product, or of a whole day."""
