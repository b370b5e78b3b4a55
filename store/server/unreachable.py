"""A PostgreSQL that does not answer: one line that stays the same while it lasts."""

from typing import Any

#: SQLSTATE: connection exceptions, and a server that is going down or coming up.
STATES = ("08", "57P01", "57P02", "57P03")
AWAY = "PostgreSQL does not answer; trying again until it is there"


def unreachable(error: BaseException | None) -> str:
    """The line where this error, or what caused it, is a PostgreSQL that does not answer; else empty."""
    while error is not None:
        if _is_away(getattr(error, "orig", error)):
            return AWAY
        error = error.__cause__ or error.__context__
    return ""


def _is_away(error: Any) -> bool:
    """libpq gives no SQLSTATE where there is no connection; psycopg makes it an OperationalError."""
    if type(error).__module__.partition(".")[0] != "psycopg":
        return False
    state = error.sqlstate
    return state.startswith(STATES) if state else type(error).__name__ == "OperationalError"
