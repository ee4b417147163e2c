"""One sale of earlier, as this till and Korus know it."""
