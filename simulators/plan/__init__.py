"""What is where, and what will happen."""
