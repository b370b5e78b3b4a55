"""Drafts, entries and their verification."""
