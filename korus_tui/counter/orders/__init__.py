"""Orders that were made: finding them, their documents, holders and cancellations."""
