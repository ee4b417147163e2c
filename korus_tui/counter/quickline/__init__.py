"""The quick line: one line of text that is a whole sale."""
