"""A world over MQTT."""
