"""The journal: batches as they came in, kept before they are acknowledged."""
