"""Registry and books (SQLAlchemy 2, Alembic): SQLite by default, PostgreSQL when configured."""
