"""The `/news` verbs, the same on every platform: what was asked becomes a card, or one sentence that puts it right."""
