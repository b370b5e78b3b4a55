"""One file a kind of case."""
