"""Rows that would change a fact: a correction, which supersedes and says why, or it is refused."""

from domain.language import msg
from store.registry.rows import Known, Rows
from store.registry.rules import Existing
from store.registry.values import write as cell


def kept_rows(rows: Rows, existing: Existing) -> set[int]:
    """The good rows that keep the id of the row of their key: of facts only equal ones."""
    if not existing:
        return set()
    keys = zip(*(rows.column(name) for name in rows.kind.key), strict=True)
    known = [existing.get(key) for key in keys]
    return {
        i
        for i in rows.good()
        if (old := known[i]) is not None and not (rows.kind.is_fact and old[1] != rows.row(i))
    }


def corrections_say_why(rows: Rows, known: Known, existing: Existing) -> None:
    """Without a reason, a fact is not superseded by other values."""
    if known.reason.strip() or not existing:
        return
    keys = list(zip(*(rows.column(name) for name in rows.kind.key), strict=True))
    for i in list(rows.good()):
        old = existing.get(keys[i])
        if old is not None and old[1] != rows.row(i):
            _refuse(rows, i, old[1], known)


def _refuse(rows: Rows, i: int, before: tuple[object, ...], known: Known) -> None:
    """Names key, column, value before and how."""
    for at, column in enumerate(rows.kind.columns):
        old = before[at]
        if old == rows.values[at][i]:
            continue
        was = known.code(column.refers, old) if column.refers else cell(old)  # type: ignore[arg-type]
        why = msg(
            "{key} is recorded with {was!r}; other values are a correction and need a reason: "
            'import again with --reason "..."',
            key=rows.key_text(i),
            was=was,
        )
        rows.refuse(i, column.name, why)
