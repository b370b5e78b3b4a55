"""When two texts look alike: their skeletons are the same (Unicode Technical Standard 39)."""

import unicodedata
from functools import cache

#: Letters without a shape: fillers of Hangul.
FILLERS = "\u115f\u1160\u3164\uffa0"


def script_of(each: str) -> str:
    """The script of a letter as Unicode names it, "" for what is no letter.

    >>> script_of("i"), script_of("і"), script_of("伟"), script_of("-")
    ('LATIN', 'CYRILLIC', 'CJK', '')
    """
    if unicodedata.category(each) not in {"Lu", "Ll", "Lt", "Lo"} or each in FILLERS:
        return ""
    return unicodedata.name(each, "").partition(" ")[0]


def skeleton(text: str) -> str:
    """What of a text can be told apart: no case, width, blanks, marks or invisible characters.

    >>> skeleton("Lí-Wei.") == skeleton("Iі\u3164wеi"), skeleton("Li") == skeleton("Lu")
    (True, False)
    """
    plain = unicodedata.normalize("NFKD", text)
    letters = (each for each in plain if each.isalnum() and each not in FILLERS)
    return "".join(_stands_for().get(each, each) for each in letters).casefold().replace("rn", "m")


def code_shape(code: str) -> str:
    """What of a code people tell apart when it is read out: no case, width, blanks or foreign look-alikes.

    Marks, and digits beside letters, do count: B-11 and B1-1 are two buildings.

    >>> code_shape("Ｈ１") == code_shape("h1") == code_shape("Н1"), code_shape("B-11") == code_shape("B1-1")
    (True, False)
    """
    if not code.isascii():
        code = "".join(_as_latin(each) for each in unicodedata.normalize("NFKC", code))
    return "".join(each for each in code if not each.isspace()).casefold()


@cache
def _as_latin(each: str) -> str:
    """The Latin letter that a letter of another script looks like; nothing for what nobody sees."""
    from confusable_homoglyphs.confusables import confusables_data

    if each.isascii():
        return each
    if unicodedata.category(each) == "Cf" or each in FILLERS:
        return ""
    alike = (other["c"] for other in confusables_data.get(each, ()))
    return next((one for one in alike if len(one) == 1 and one.isascii() and one.isalpha()), each)


@cache
def _stands_for() -> dict[str, str]:
    """Character -> the one that stands for all that look like it."""
    from confusable_homoglyphs.confusables import confusables_data

    classes: dict[str, set[str]] = {}
    for small in "abcdefghijklmnopqrstuvwxyz":
        _join(classes, small, small.upper())
    for one, others in confusables_data.items():
        for other in others:
            _join(classes, one.strip("\u200e"), other["c"].strip("\u200e"))
    return {each: min(alike) for each, alike in classes.items()}


def _join(classes: dict[str, set[str]], one: str, other: str) -> None:
    if len(one) != 1 or len(other) != 1:
        return
    both = classes.get(one, {one}) | classes.get(other, {other})
    for each in both:
        classes[each] = both
