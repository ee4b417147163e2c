"""The one application: it owns the program's start, scanner, palette, languages, and wires the screens to the counter."""
