"""Processes, single instances, disk space."""
