"""Names of people: what may be one, and when two look alike."""

import unicodedata
from functools import cache

from domain.actor import Actor, ActorKind
from domain.errors import WrongCall
from domain.language import Text, languages, msg
from domain.look_alike import script_of

#: Scripts of names, as Unicode names its letters. Of the first, a name has one only: theirs look alike.
LOOK_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK"})
SCRIPTS = LOOK_ALIKE | {"CJK", "HANGUL", "HIRAGANA", "KATAKANA"}
#: Beside letters, digits and ASCII: the dot of 阿不都·热合曼 and the apostrophe of O’Neill.
MARKS = "·’"
ALLOWED = msg(
    "letters of one script (Latin with accents, Chinese, Cyrillic, Greek, Japanese or Korean; "
    "Chinese, Japanese and Korean also beside another), digits, blanks and ASCII marks but the colon"
)


def person(text: str) -> Actor:
    """The person of this name, with width and blanks as they are usually written.

    >>> str(person("ｌｉ　ｗｅｉ")), str(person("阿不都·热合曼")), str(person("José Ñ."))
    ('user:li wei', 'user:阿不都·热合曼', 'user:José Ñ.')

    Raises WrongCall for characters that nobody sees or tells apart, for letters of several
    look-alike scripts, and for a name that reads like a program, a phone or nobody.
    """
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    actor = Actor(ActorKind.USER, name)
    for why in (_strange(name), _mixed(name), _somebody_else(name)):
        if why is not None:
            raise WrongCall(
                msg("name {name!r}: {why}; allowed: {allowed}", name=name, why=why, allowed=ALLOWED)
            )
    return actor


def _strange(name: str) -> Text | None:
    for each in name:
        if not (each.isascii() and each.isprintable()) and not _is_letter(each):
            return msg("the character U+{code} is not taken in a name", code=f"{ord(each):04X}")
    if not any(each.isalnum() for each in name):
        return msg("it has no letter and no digit")
    return None


def _is_letter(each: str) -> bool:
    return each in MARKS or script_of(each) in SCRIPTS


def _mixed(name: str) -> Text | None:
    found = sorted({script_of(each) for each in name if each.isalpha()} & LOOK_ALIKE)
    if len(found) < 2:
        return None
    return msg("it mixes letters that look alike ({scripts})", scripts=", ".join(found).title())


def _somebody_else(name: str) -> Text | None:
    """A name that begins as `Actor.shown` writes what is no person, in any language."""
    words = _words(name)
    for kind, begin in _kinds():
        if words[: len(begin)] == begin and len(words) > len(begin):
            return msg("it reads like {kind!r}, not like a person", kind=kind.value)
    return None


@cache
def _kinds() -> tuple[tuple[ActorKind, tuple[str, ...]], ...]:
    """How actors of each kind that is no person begin, as words."""
    marked = ((kind, Actor(kind, "x")) for kind in ActorKind if kind is not ActorKind.USER)
    return tuple(
        (kind, _words(actor.shown().to(language).partition("x")[0]))
        for kind, actor in marked
        for language in languages()
    )


def _words(name: str) -> tuple[str, ...]:
    plain = "".join(each if each.isalnum() else " " for each in name.casefold())
    return tuple(plain.split())
