"""Slack: cards as Block Kit messages, and `/news` as a command, over slack-bolt."""
