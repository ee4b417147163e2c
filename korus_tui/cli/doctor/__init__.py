"""`korus-tui doctor`: `report` looks at everything in order, the others at one thing each."""
