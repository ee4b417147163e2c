"""What every use case stands on: the desk of open sales, the clock, the line to the API, problems in words."""
