"""A third reading of the API between client and sandbox: openapi.yaml, by generation, judges all that is said."""
