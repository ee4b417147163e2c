"""What the agent does: joins API, sale and journal, and says in words what went wrong."""
