"""The word that somebody most likely meant."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

#: Like enough to be meant: among many codes, and among the few keys or names of one list. [1]
AMONG_CODES, AMONG_KEYS = 0.7, 0.6
#: Chinese words have two or three characters: one of them may be wrong. [1]
IN_CHINESE = 0.5
#: Of more words only likely ones are compared letter by letter, which takes some 0.1 ms a word.
MANY = 1000


def nearest(word: str, known: Iterable[str], close: float = AMONG_CODES) -> str | None:
    """The known word most like this one, whatever its case; None where none is close.

    Parameters
    ----------
    close : float
        Least likeness, 0 to 1 (difflib's ratio). [1]

    >>> nearest("Room_temprature", ["flow", "room_temperature"]), nearest("x", ["flow"])
    ('room_temperature', None)
    """
    return next(iter(alike(word, known, close, most=1)), None)


def alike(
    word: str, known: Iterable[str], close: float = AMONG_CODES, *, most: int = 3
) -> list[str]:
    """The same for up to `most` words, the most alike first.

    Parameters
    ----------
    close : float
        Least likeness, 0 to 1 (difflib's ratio). [1]

    >>> alike("s1-0", ["S1-01", "S1-02", "H1"])
    ['S1-02', 'S1-01']
    """
    by_case = {each.casefold(): each for each in known if each != word}
    found = get_close_matches(word.casefold(), _likely(word.casefold(), by_case), most, close)
    return [by_case[each] for each in found]


def _likely(word: str, known: Mapping[str, str]) -> Iterable[str]:
    """Those that begin or end as the word does: one mistake leaves one of its halves as it is."""
    if len(known) <= MANY:
        return known
    begin, end = word[: len(word) // 2], word[len(word) // 2 :]
    return [each for each in known if each.startswith(begin) or each.endswith(end)]
