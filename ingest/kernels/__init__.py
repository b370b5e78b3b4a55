"""Compiled loops over bytes; numpy and numba only."""
