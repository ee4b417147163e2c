"""The one way into a sale: chosen, asked for, seated, held against its limits, recorded and held."""
