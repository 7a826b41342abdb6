"""Scheduling: turns due times and new stories into reserved deliveries."""
