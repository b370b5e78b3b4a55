"""Who did it: every change of registry, evidence, cases, alerts, runs and ledger names its actor."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from itertools import permutations

from domain.errors import WrongCall
from domain.language import Text, languages, msg, not_known
from domain.look_alike import skeleton

#: The first version that keeps actors: rows of an older store name this one as their bound.
FIRST_VERSION = "0.2.0"
_BEFORE = "before version "
#: Names of more words are the same in alphabetical order only: every order of ten would be millions.
MOST_WORDS = 5
#: What heatwatch calls who makes a run and who approves it: beside a name it makes no other person.
ROLES = (msg("drafter"), msg("drafted by"), msg("approver"), msg("approved by"))
#: Up to the end where nothing closes it.
_BRACKETED = re.compile(r"[(\[{<][^()\[\]{}<>]*(?:[)\]}>]|$)")
_NAME = re.compile(r"[^\s:\x00-\x1f\x7f\ud800-\udfff][^:\x00-\x1f\x7f\ud800-\udfff]{0,119}")


class ActorKind(Enum):
    """What kind of hand it was."""

    USER = "user"  # a person: a login, or the system's user of a command
    PROGRAM = "program"  # a worker of ours, e.g. alerts
    PROVIDER = "provider"  # whoever delivers data, by feed
    PHONE = "phone"  # a known number that answered a message
    UNKNOWN = "unknown"  # rows from before actors were kept


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor as books keep it, written `kind:name`."""

    kind: ActorKind
    name: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise WrongCall(
                msg(
                    "actor {name!r} is not a name; allowed: 1 to 120 characters on one line, "
                    "none of them a colon",
                    name=self.name,
                )
            )

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.name}"

    @classmethod
    def parse(cls, text: str) -> "Actor":
        """The actor that `str` wrote; a bare name is a user.

        >>> Actor.parse("program:alerts").kind, str(Actor.parse("Li Wei"))
        (<ActorKind.PROGRAM: 'program'>, 'user:Li Wei')
        """
        kind, colon, name = text.strip().partition(":")
        if not colon:
            return cls(ActorKind.USER, kind)
        kinds = {each.value: each for each in ActorKind}
        if kind not in kinds:
            raise WrongCall(not_known(msg("actor {text!r}: kind", text=text), kind, kinds))
        return cls(kinds[kind], name)

    def is_same(self, other: "Actor") -> bool:
        """Whether both are one, however the name was typed.

        Case, blanks, width, marks and characters that look alike make no other person, nor does
        the order of a name's words, what stands in brackets, or a role of a run beside the name.

        >>> user("Li Wei").is_same(user("ｌｉ　ＷＥＩ")), user("Li Wei").is_same(user("Li Na"))
        (True, False)
        >>> user("Li Wei").is_same(user("WEI, LI")), user("Li Wei").is_same(user("Li Wei (approver)"))
        (True, True)
        """
        return self.kind is other.kind and not _spellings(self.name).isdisjoint(
            _spellings(other.name)
        )

    def shown(self) -> Text:
        """As people read it: a person by the name alone."""
        match self.kind:
            case ActorKind.USER:
                return Text("{name}", {"name": self.name})
            case ActorKind.PROGRAM:
                return msg("program {name}", name=self.name)
            case ActorKind.PROVIDER:
                return msg("data provider {name}", name=self.name)
            case ActorKind.PHONE:
                return msg("phone {name}", name=self.name)
            case ActorKind.UNKNOWN:
                version = self.name.removeprefix(_BEFORE)
                return msg("unknown, before version {version}", version=version)


@dataclass(frozen=True, slots=True)
class By:
    """Who changes something, when, and why where there is a reason to give."""

    actor: Actor
    at: datetime  # aware
    reason: str = ""


def _spellings(name: str) -> set[str]:
    """What a name looks like with its words in any order: the family name stands first or last."""
    plain = _alone(unicodedata.normalize("NFKC", name))
    words = sorted("".join(each if each.isalnum() else " " for each in plain).split())
    orders = permutations(words) if len(words) <= MOST_WORDS else [words]
    return {skeleton(plain) or name, *(skeleton("".join(order)) or name for order in orders)}


def _alone(name: str) -> str:
    """A name without what is in brackets and without roles; as it is where nothing else would be left."""
    before = None
    while before != name:
        before, shorter = name, _BRACKETED.sub(" ", name)
        name = shorter if skeleton(shorter) else name
    for role in _roles():
        shorter = role.sub(" ", name)
        name = shorter if skeleton(shorter) else name
    return name


@cache
def _roles() -> list[re.Pattern[str]]:
    """What finds a role beside a name, in every language: a word, or Chinese at either end."""
    found = {role.to(language) for role in ROLES for language in languages()}
    word, end = r"(?<![^\W\d_]){0}(?![^\W\d_])", r"^\W*{0}|{0}\W*$"
    return [
        re.compile((word if role.isascii() else end).format(re.escape(role)), re.IGNORECASE)
        for role in sorted(found)
    ]


def user(name: str) -> Actor:
    """A person."""
    return Actor(ActorKind.USER, name)


def program(name: str) -> Actor:
    """A worker of ours."""
    return Actor(ActorKind.PROGRAM, name)


def before_actors(version: str = FIRST_VERSION) -> Actor:
    """The actor of rows that were written before actors were kept."""
    return Actor(ActorKind.UNKNOWN, f"{_BEFORE}{version}")
