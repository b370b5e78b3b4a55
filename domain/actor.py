"""Who did it: every change of registry, evidence, cases, alerts, runs and ledger names its actor."""

import re
from dataclasses import dataclass
from enum import Enum

from domain.errors import WrongCall

_NAME = re.compile(r"[^\s:][^:\r\n]{0,119}")


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
                f"actor {self.name!r} is not a name; allowed: 1 to 120 characters on one line, "
                "none of them a colon"
            )

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.name}"

    @classmethod
    def parse(cls, text: str) -> "Actor":
        """The actor that `str` wrote; a bare name is a user.

        >>> Actor.parse("program:alerts").kind, str(Actor.parse("Li Wei"))
        (<ActorKind.PROGRAM: 'program'>, 'user:Li Wei')
        """
        kind, colon, name = text.partition(":")
        if not colon:
            return cls(ActorKind.USER, text.strip())
        try:
            return cls(ActorKind(kind), name)
        except ValueError:
            allowed = ", ".join(each.value for each in ActorKind)
            raise WrongCall(
                f"actor {text!r}: kind {kind!r} is not known; allowed: {allowed}"
            ) from None


def user(name: str) -> Actor:
    """A person."""
    return Actor(ActorKind.USER, name)


def program(name: str) -> Actor:
    """A worker of ours."""
    return Actor(ActorKind.PROGRAM, name)


def before_actors(version: str) -> Actor:
    """The actor of rows that were written before actors were kept."""
    return Actor(ActorKind.UNKNOWN, f"before version {version}")
