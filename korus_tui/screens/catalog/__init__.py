"""Finding a product."""
