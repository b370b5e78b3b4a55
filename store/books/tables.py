"""Every table of the books, loaded: importing this fills `Base.metadata`."""

from store.books import changes, delivery, facts, ledger, registry, seals, watch
from store.books.base import Base

METADATA = Base.metadata

__all__ = ["METADATA", "changes", "delivery", "facts", "ledger", "registry", "seals", "watch"]
