"""Worlds with known truth; knows only domain, speaks only MQTT and files."""
