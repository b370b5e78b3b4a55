"""Bytes in: codecs, MQTT, imports, quality marks."""
