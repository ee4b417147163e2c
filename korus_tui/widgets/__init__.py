"""The kit the screens are made of: each widget shows plain values and says in messages what the agent did."""
