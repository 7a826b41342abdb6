"""Delivery: from a reserved row to a posted, and later corrected, message."""
