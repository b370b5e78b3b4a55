"""The word that somebody most likely meant."""

from collections.abc import Iterable
from difflib import get_close_matches

_CLOSE = 0.7


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like this one, whatever its case; None where none is close.

    >>> nearest("Room_temprature", ["flow", "room_temperature"]), nearest("x", ["flow"])
    ('room_temperature', None)
    """
    by_case = {each.casefold(): each for each in known if each != word}
    found = get_close_matches(word.casefold(), by_case, n=1, cutoff=_CLOSE)
    return by_case[found[0]] if found else None
