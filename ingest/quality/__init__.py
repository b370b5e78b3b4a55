"""What is marked, and what is missing."""
