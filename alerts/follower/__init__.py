"""The worker that watches batches, and the one that sends."""
