"""The figures that reports share."""
