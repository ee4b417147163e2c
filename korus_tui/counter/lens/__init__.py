"""The API as it is spoken here: the last calls, to be looked at."""
