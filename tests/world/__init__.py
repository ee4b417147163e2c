"""A second Korus Ticket API, hostile and of plain parts: nothing of korus_tui stands in `server`, `truth`, `views`."""
