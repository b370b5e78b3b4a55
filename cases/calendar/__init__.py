"""Seasons and deadlines."""
