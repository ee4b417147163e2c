"""The faults that can be rehearsed in a demo."""
