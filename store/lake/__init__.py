"""The readings lake: one Delta table, flushed exactly once."""
