"""The API's payloads as frozen, typed values."""
