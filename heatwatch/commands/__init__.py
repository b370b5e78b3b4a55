"""One file per command group; each has `register(app)` and stands in one list in `heatwatch.cli`."""
