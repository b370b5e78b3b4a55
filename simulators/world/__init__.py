"""A world in files, with its truth."""
