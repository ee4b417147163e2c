"""What a sale is: values, events and rules. No I/O, and no clock of its own."""
