"""What a worker says of itself while it runs: metrics and a health endpoint."""
