"""The lens as every page may show it: the last calls of the API, in a line each."""
