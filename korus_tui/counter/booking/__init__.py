"""Holds, payment, orders, and what becomes of answers that were lost."""
