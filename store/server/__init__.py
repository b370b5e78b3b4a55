"""Reaching databases and other servers: addresses, locks, single instances, what can't be reached."""
