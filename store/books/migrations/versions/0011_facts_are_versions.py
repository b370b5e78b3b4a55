"""facts are versions: one current a key, what it superseded stays; overwritten values come back"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME, NUMBER, TEXT = sa.DateTime(timezone=True), sa.Integer(), sa.Text()
WRITTEN_BY = "change_id"
FAR = timedelta(hours=15)  # of a local time that was written without its offset

#: Table -> its kind of file; key columns; value columns. A code stands for an id of that table.
FACTS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "tariff": ("tariffs", {"code": TEXT}, {"price": TEXT, "currency": TEXT}),
    "contract": (
        "contracts",
        {"household_id": "place", "season_id": "season"},
        {
            "tariff_id": "tariff", "season_fee": TEXT, "currency": TEXT,
            "standing_consent": sa.Boolean(),
        },
    ),
    "request": ("requests", {"household_id": "place", "at": TIME}, {"by": TEXT}),
    "measurement_record": (
        "measurements", {"room_id": "place", "at": TIME}, {"celsius": TEXT, "signed_by": TEXT}
    ),
    "outage_record": (
        "outages",
        {"place_id": "place", "since": TIME},
        {"until": TIME, "planned": sa.Boolean(), "cause": TEXT, "evidence": TEXT},
    ),
    "user_fault": (
        "user_faults",
        {"household_id": "place", "since": TIME},
        {"until": TIME, "clause": TEXT, "evidence": TEXT},
    ),
    "refusal": ("refusals", {"household_id": "place", "at": TIME}, {"evidence": TEXT}),
}  # fmt: skip


def upgrade() -> None:
    for name, (_, key, _) in FACTS.items():
        _versions(name, [*key])
    for name in FACTS:
        _bring_back(name)


def _versions(table: str, key: list[str]) -> None:
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column("ended_id", BIG, nullable=True))
        batch.add_column(sa.Column("supersedes_id", NUMBER, nullable=True))
        batch.add_column(sa.Column("source", TEXT, nullable=True))
    op.execute(sa.text(f"UPDATE {table} SET source = ''"))
    with op.batch_alter_table(table) as batch:
        batch.alter_column("source", existing_type=TEXT, nullable=False)
        batch.create_foreign_key(
            op.f(f"fk_{table}_ended_id_change_record"), "change_record", ["ended_id"], ["id"]
        )
        batch.create_foreign_key(
            op.f(f"fk_{table}_supersedes_id_{table}"), table, ["supersedes_id"], ["id"]
        )
        batch.drop_constraint(op.f(f"uq_{table}_{'_'.join(key)}"), type_="unique")
    current = sa.text("ended_id IS NULL")
    op.create_index(
        f"uq_{table}_current", table, key, unique=True,
        sqlite_where=current, postgresql_where=current,
    )  # fmt: skip


# -- values that were overwritten before, from the edits that the registry kept of them --


def _bring_back(name: str) -> None:
    """Ended versions of what changed since actors were kept, newest first."""
    kind, key, values = FACTS[name]
    edits = _edits(kind)
    if not edits:
        return
    types = {**key, **values}
    table = sa.table(
        name, sa.column("id", NUMBER), sa.column("change_id", BIG), sa.column("ended_id", BIG),
        sa.column("supersedes_id", NUMBER), sa.column("source", TEXT),
        *(sa.column(each, NUMBER if isinstance(t, str) else t) for each, t in types.items()),
    )  # fmt: skip
    link = op.get_bind()
    rows = [dict(row._mapping) for row in link.execute(sa.select(table))]
    oldest = {row["id"]: row for row in rows}  # by the current version's id
    codes = {t: _codes(t) for t in types.values() if isinstance(t, str)}
    written = _by_change(rows, key)
    fresh = max(oldest) + 1 if oldest else 1
    for change, text in sorted(edits, reverse=True):
        found = written.get((change, _fixed(text, key, codes)), ())
        current = _row_of(text, key, {number: oldest[number] for number in found}, codes)
        if current is None:
            continue
        before, later = edits[change, text], oldest[current]
        earlier = {
            **later,
            **{c: _value(types[c], was, codes) for c, was in _columns(before, types).items()},
            "id": fresh, "supersedes_id": None, "ended_id": change, "source": "",
            "change_id": int(before.get(WRITTEN_BY) or _first_record()),
        }  # fmt: skip
        link.execute(table.insert().values(earlier))
        link.execute(table.update().where(table.c.id == later["id"]).values(supersedes_id=fresh))
        oldest[current] = earlier
        written[change, _fixed(text, key, codes)].remove(current)
        written[earlier["change_id"], _fixed(text, key, codes)].append(current)
        fresh += 1
    if link.dialect.name == "postgresql" and oldest:
        link.execute(
            sa.text(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
            )
        )


def _edits(kind: str) -> dict[tuple[int, str], dict[str, str]]:
    """(change, key as written) -> column -> value before."""
    query = sa.text(
        'SELECT change_id, key, "column", before FROM registry_edit WHERE kind = :kind ORDER BY id'
    )
    found: dict[tuple[int, str], dict[str, str]] = {}
    for change, key, column, before in op.get_bind().execute(query, {"kind": kind}):
        found.setdefault((change, key), {})[column] = before
    return found


def _codes(table: str) -> dict[str, int]:
    return {
        code: number
        for number, code in op.get_bind().execute(sa.text(f"SELECT id, code FROM {table}"))
    }


def _first_record() -> int:
    return int(op.get_bind().execute(sa.text("SELECT min(id) FROM change_record")).scalar_one())


def _columns(before: Mapping[str, str], types: Mapping[str, Any]) -> dict[str, str]:
    """Columns of the table by what the file calls them: `tariff` is `tariff_id`."""
    named = {c.removesuffix("_id"): c for c in types}
    return {named[c]: was for c, was in before.items() if c in named}


def _value(type_: Any, was: str, codes: Mapping[str, Mapping[str, int]]) -> Any:
    if isinstance(type_, str):
        return codes[type_].get(was)
    if isinstance(type_, sa.Boolean):
        return was == "true"
    if isinstance(type_, sa.DateTime):
        return datetime.fromisoformat(was) if was else None
    return was


def _by_change(
    rows: Iterable[Mapping[str, Any]], key: Mapping[str, Any]
) -> defaultdict[tuple[int, tuple[Any, ...]], list[int]]:
    """Current rows by the change that wrote their oldest known version and their key but for times."""
    found = defaultdict(list)
    for row in rows:
        fixed = tuple(row[c] for c, t in key.items() if not isinstance(t, sa.DateTime))
        found[row["change_id"], fixed].append(row["id"])
    return found


def _fixed(
    text: str, key: Mapping[str, Any], codes: Mapping[str, Mapping[str, int]]
) -> tuple[Any, ...]:
    """A key as written, without its times: they may be local, so they are compared one by one."""
    parts = zip(key.values(), text.split(" / "), strict=False)
    return tuple(_value(t, part, codes) for t, part in parts if not isinstance(t, sa.DateTime))


def _row_of(
    text: str,
    key: Mapping[str, Any],
    rows: Mapping[int, Mapping[str, Any]],
    codes: Mapping[str, Mapping[str, int]],
) -> int | None:
    """The one of these rows that this key means; None: it is not sure which."""
    parts = dict(zip(key, text.split(" / "), strict=False))
    near = [
        number
        for number, row in rows.items()
        if all(_same(row[c], part, key[c], codes) for c, part in parts.items())
    ]
    return near[0] if len(near) == 1 else None


def _same(value: Any, part: str, type_: Any, codes: Mapping[str, Mapping[str, int]]) -> bool:
    if not isinstance(type_, sa.DateTime):
        return bool(value == _value(type_, part, codes))
    kept = value.replace(tzinfo=UTC) if value.tzinfo is None else value
    written = datetime.fromisoformat(part)
    if written.tzinfo is not None:
        return bool(kept == written)
    return bool(abs(kept - written.replace(tzinfo=UTC)) < FAR)
