"""Comfort, outages and stations: what readings mean."""
