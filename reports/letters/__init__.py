"""Letters: one household's refund of a season, for a resident and a court."""
