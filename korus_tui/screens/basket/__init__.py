"""From what was chosen on a page to lines of the sale and their hold."""
