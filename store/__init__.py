"""What is kept: journal, readings lake, registry and books, InfluxDB mirror."""
