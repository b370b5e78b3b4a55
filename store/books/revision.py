"""Which revision a database is of, and which is the newest; without Alembic, which takes long to load."""

from pathlib import Path

from sqlalchemy import Engine, inspect, text

MIGRATIONS = Path(__file__).parent / "migrations"


def newest() -> str:
    """The newest revision: migrations are numbered in their order."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def found(engine: Engine) -> str | None:
    """The database's revision; None: it is empty, or not one of heatwatch's."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        query = text("SELECT version_num FROM alembic_version")
        return connection.execute(query).scalar_one_or_none()


def is_newest(engine: Engine) -> bool:
    """Whether nothing is left to migrate."""
    return found(engine) == newest()
