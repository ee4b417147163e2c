"""One file a screen: shows state and turns keys into calls of the counter."""
