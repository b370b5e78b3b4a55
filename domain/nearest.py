"""The word that somebody most likely meant."""

from collections.abc import Iterable
from difflib import get_close_matches

#: Like enough to be meant: among many codes, and among the few keys or names of one list. [1]
AMONG_CODES, AMONG_KEYS = 0.7, 0.5


def nearest(word: str, known: Iterable[str], close: float = AMONG_CODES) -> str | None:
    """The known word most like this one, whatever its case; None where none is close.

    Parameters
    ----------
    close : float
        Least likeness, 0 to 1 (difflib's ratio). [1]

    >>> nearest("Room_temprature", ["flow", "room_temperature"]), nearest("x", ["flow"])
    ('room_temperature', None)
    """
    by_case = {each.casefold(): each for each in known if each != word}
    found = get_close_matches(word.casefold(), by_case, n=1, cutoff=close)
    return by_case[found[0]] if found else None
