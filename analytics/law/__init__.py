"""Policies as data, and the words of the law."""
