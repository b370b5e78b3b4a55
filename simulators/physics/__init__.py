"""Weather and rooms."""
