"""What the pages share: the till's screen, forms, dialogs, words and numbers as they are written."""
