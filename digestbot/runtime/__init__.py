"""The process: its clock, its logs, and the points at which drills kill it."""
