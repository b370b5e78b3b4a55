"""Why a task was opened, as people read it."""

from domain.language import Text, msg

CAUSES = {"request": msg("request"), "undetermined": msg("undetermined")}


def cause_words(cause: str) -> Text | str:
    """The cause of a task; one that is not known as it is kept."""
    return CAUSES.get(cause, cause)
