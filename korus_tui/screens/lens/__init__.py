"""The pages that show the API as it is spoken here."""
