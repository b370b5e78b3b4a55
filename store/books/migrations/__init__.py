"""Alembic revisions of the books, run by `store.books.migrate`; written by `store.books.revise`."""
