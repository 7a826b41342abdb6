"""Discord: cards as messages, and `/news` as a command, over discord.py."""
