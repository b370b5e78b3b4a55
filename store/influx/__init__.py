"""The mirror in InfluxDB."""
