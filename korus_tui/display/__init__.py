"""The terminal that faces the customer: shows the sale at the counter, and takes nothing."""
