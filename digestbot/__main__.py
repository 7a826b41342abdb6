"""`python -m digestbot` is `digestbot`."""

from digestbot.cli import main

if __name__ == "__main__":
    main()
