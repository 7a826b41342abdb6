"""digestbot posts curated event news to Discord and Slack as short digest cards."""

__version__ = "0.1.0"
