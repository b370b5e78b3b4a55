"""The law once more, slow and obvious, and random seasons to hold a settlement against it."""
