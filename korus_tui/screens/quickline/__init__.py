"""The quick line on the screen."""
