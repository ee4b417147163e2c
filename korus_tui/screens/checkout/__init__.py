"""Customer, payment, and what happens until the order is there."""
