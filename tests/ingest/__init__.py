"""Tests of ingest: bytes in, columns out, nothing lost."""
