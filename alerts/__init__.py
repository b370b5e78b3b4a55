"""Who must be notified: detectors, episodes, messages."""
