"""The sandbox: a chat platform of our own, with a page instead of an app and no accounts to create."""
