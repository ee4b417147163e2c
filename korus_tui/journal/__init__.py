"""What must never be lost: events in an append-only, hash-chained SQLite file, durable before their effect is shown."""
