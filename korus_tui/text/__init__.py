"""Texts as people type and search them: dates, folded words, names of files."""
