"""The Korus Ticket API as typed Python: knows HTTP and Hydra, no screen and no sale."""
