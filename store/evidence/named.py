"""Keys as people write them, and which fact on record one names: also as lists show it, to the minute."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo

from domain.code import plain_code
from domain.errors import WrongCall
from domain.language import Text, msg, sentence_of
from domain.recorded import SEPARATOR
from domain.time import written_time
from store.evidence.versions import Version, about_of
from store.registry.kinds import CODE, Kind
from store.registry.values import instant, instant_in

#: A time of day with its seconds, and with a part of one.
_SECONDS = re.compile(r"\d:\d\d:\d\d|T\d{6}")
_PART = re.compile(r"(:\d\d|T\d{6})[.,]\d")


def canonical_key(kind: Kind, key: str, zone: tzinfo) -> str:
    """A key as people write it, as `Version.key` has it: its times in UTC.

    Raises WrongCall where it has too few or too many parts, or a part is no time.
    """
    shown = []
    for name, part in zip(kind.key, _parts(kind, key), strict=False):
        if kind.columns[kind.at[name]].parse is not instant:
            shown.append(part)
            continue
        try:
            at = instant_in(part, zone)
        except ValueError as error:
            why = sentence_of(error)
            raise WrongCall(msg("{name} {part!r} {why}", name=name, part=part, why=why)) from None
        shown.append(at.isoformat().replace("+00:00", "Z"))
    return SEPARATOR.join(shown)


def named_key(kind: Kind, key: str, zone: tzinfo, known: Iterable[Version]) -> str:
    """The `Version.key` of the one of these facts that a person names, whose time may be as exact as lists show it;
    where it is none of them the key as `canonical_key` has it. Codes in another width are meant, too.

    Raises WrongCall as that does, and where the time is that of several.
    """
    own = list(known)
    found = _named_key(kind, key, zone, own)
    if any(each.key == found for each in own):
        return found
    return _named_key(kind, _plain_key(kind, key), zone, own)


def _plain_key(kind: Kind, key: str) -> str:
    columns = [kind.columns[kind.at[name]] for name in kind.key]
    both = zip(_parts(kind, key), columns, strict=False)
    return SEPARATOR.join(plain_code(part) if each.parse is CODE else part for part, each in both)


def _named_key(kind: Kind, key: str, zone: tzinfo, known: Sequence[Version]) -> str:
    *front, last = _parts(kind, key)
    timed = kind.columns[kind.at[kind.key[-1]]].parse is instant and len(front) == len(kind.key) - 1
    if timed:
        about = SEPARATOR.join(front)
        same = {
            each.key: each for each in known if _front(each) == about and _shows(each, last, zone)
        }
        if len(same) > 1:
            raise WrongCall(_several(kind, key, list(same.values()), zone))
        if same:
            return next(iter(same))
    return canonical_key(kind, key, zone)


def _parts(kind: Kind, key: str) -> list[str]:
    about = about_of(kind)
    named_by_itself = about is not None and about.refers == "devices"  # its name may have any sign
    parts = key.rsplit(SEPARATOR, len(kind.key) - 1) if named_by_itself else key.split(SEPARATOR)
    parts = [each.strip() for each in parts]
    needed = kind.key[:-1] if kind.columns[kind.at[kind.key[-1]]].may_be_empty else kind.key
    if not len(needed) <= len(parts) <= len(kind.key):
        raise WrongCall(
            msg(
                "{kind} {key!r}: a key of {kind} is {allowed}",
                kind=kind.name, key=key, allowed=SEPARATOR.join(each.upper() for each in kind.key),
            )
        )  # fmt: skip
    return parts


def _front(version: Version) -> str:
    return version.key.rpartition(SEPARATOR)[0]


def _shows(version: Version, text: str, zone: tzinfo) -> bool:
    """Whether a fact's time is this one, as far as it is written."""
    if version.at is None:
        return False
    try:
        given = written_time(text)
    except ValueError:
        return False
    own = version.at.astimezone(UTC if given.tzinfo else zone).replace(tzinfo=None)
    given = given.astimezone(UTC).replace(tzinfo=None) if given.tzinfo else given
    if _PART.search(text) is None:
        own = own.replace(microsecond=0)
    if _SECONDS.search(text) is None:
        own = own.replace(second=0)
    return own == given


def _several(kind: Kind, key: str, found: Sequence[Version], zone: tzinfo) -> Text:
    times = sorted(each.at for each in found if each.at is not None)
    return msg(
        "{kind} {key}: {n} facts have this time; write it as exactly as one of: {times}",
        kind=kind.name, key=key, n=len(times), times=", ".join(_exact(each, zone) for each in times),
    )  # fmt: skip


def _exact(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).isoformat()
