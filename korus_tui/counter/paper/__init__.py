"""What goes onto paper or into files: slips, receipts, messages, printing."""
