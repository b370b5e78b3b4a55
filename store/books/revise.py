"""Writes the next migration from what differs between the tables and the migrations.

For developers, after a change of the tables: `python -m store.books.revise "what changed"`.
"""

import sys
from pathlib import Path
from typing import Any

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine

from store.books.migrate import migrate, options, script_directory
from store.books.tables import METADATA


def differences(engine: Engine) -> MigrationScript:
    """What a migrated database lacks against the tables; `.upgrade_ops.is_empty()` when nothing."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options())
        return produce_migrations(context, METADATA)


def write(message: str) -> Path:
    """Writes the migration `NNNN_message.py` and answers with its path; ValueError when none is needed."""
    scripts = script_directory()
    engine = create_engine("sqlite://")
    if scripts.get_current_head() is not None:
        migrate(engine)
    steps: Any = differences(engine).upgrade_ops
    engine.dispose()
    if steps.is_empty():
        raise ValueError("the tables are what the migrations make: nothing to write")
    number = f"{len(list(scripts.walk_revisions())) + 1:04d}"
    made = scripts.generate_revision(
        number,
        message,
        head="head",
        file_template="%(rev)s_%(slug)s",
        upgrades=render_python_code(
            steps, render_as_batch=True, render_item=options()["render_item"]
        ),
    )
    assert made is not None
    return Path(made.path)


if __name__ == "__main__":
    sys.stdout.write(f"{write(sys.argv[1])}\n")
