"""What a settlement takes: the registry frozen as of an instant, or one household from a file."""
