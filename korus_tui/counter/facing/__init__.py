"""What the customer at the counter may see, followed in the journal beside the running till."""
