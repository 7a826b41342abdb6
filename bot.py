"""Starts digestbot: `python bot.py` runs the bot, `python bot.py --help` says what else there is."""

from digestbot.cli import main

if __name__ == "__main__":
    main()
