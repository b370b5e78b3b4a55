"""Meters and sensors as data: one TOML file each, read by `load.py`."""
