"""The city as it runs."""
