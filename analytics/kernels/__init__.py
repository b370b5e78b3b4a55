"""Compiled loops over arrays: numpy and numba only, each with a slow twin in tests/naive.py."""
