"""Messages to one batch of readings."""
