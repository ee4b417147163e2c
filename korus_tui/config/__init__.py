"""What the user set: settings and their layers, credentials, keys, and where files live."""
