"""The one application: it owns start, scanner, palette and languages, and wires the screens to the counter."""
