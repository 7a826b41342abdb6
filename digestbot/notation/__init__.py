"""Notation: YAML as people write it, read with its traps refused and every value given its line and column."""
