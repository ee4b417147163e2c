"""The catalogues: a folder a language, English is the source (docs/languages.md)."""
