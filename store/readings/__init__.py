"""Readings out of lake and journal without a seam, and the followers that read them on."""
