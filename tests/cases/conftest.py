"""Books on both servers, as the store's tests have them."""

from tests.store.conftest import books, books_url

__all__ = ["books", "books_url"]
