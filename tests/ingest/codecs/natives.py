"""Feeds of the native format."""

TOPIC = "heatwatch/v1/A1"


GOOD = b'{"channel":"t","time":"2026-11-22T06:00:00Z","value":21.35}'
