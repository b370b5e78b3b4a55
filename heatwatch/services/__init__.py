"""What `run` starts, and what commands and workers share."""
