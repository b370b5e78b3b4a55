"""Who must be told: detectors, episodes, messages."""
