"""What a screen shows, without HTML."""
