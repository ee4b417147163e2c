"""What is for sale: catalogs, products, dated offers, sessions, and what is kept of them."""
