"""Where the lakes of these tests lie."""

from tests.store.lake.lakes import place

__all__ = ["place"]
