"""The chat platforms: one room each, which alone may import that platform's library."""
