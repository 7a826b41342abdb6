"""The pure core: stories, cards, digests, subscriptions, schedules, deliveries; no I/O, no platform."""
