"""Who is watched, and the newest values as columns."""
