"""Rendering: from stories through templates and Markdown to cards, and from cards to text and HTML."""
