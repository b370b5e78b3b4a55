"""Where a value stands in a message: paths, topics, times."""
