"""A what-if as a named overlay: a policy's id, a name, and only the keys that are changed, each with its reference.

Its policy is the base with the changes, of an identity of its own, so that nothing made under it can
pass for the act. Base and overlay are kept as one text (`packed`), and that is what is hashed.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from fractions import Fraction
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from analytics.law.policy_texts import faults_of, toml, wrong_file
from analytics.law.terms import Table, Words
from domain.errors import WrongCall
from domain.faults import as_written, shaped
from domain.language import Text, msg

PACKED = "what_if"  # the table of a kept text that holds base and overlay
#: What says which act it is; an overlay has a name instead.
OF_THE_ACT = ("id", "title", "grade", "sources")
_NAMED_BY = ("name", "kind")  # what an entry of a list is called by; others by their place, from 0
_ONE_LINE = shaped(r"\S([^\x00-\x1f\x7f]{0,58}\S)?", msg("one line of at most 60 characters"))


class Name(Words):
    """What a what-if is called; with its base's id the English one is its id."""

    zh: Annotated[str, AfterValidator(_ONE_LINE)]
    en: Annotated[str, AfterValidator(_ONE_LINE)]


class Change(Table):
    """One key of the base with another value, or without any."""

    key: str = Field(min_length=1)  # dotted: standard.temp, day_band.bands.0.below
    value: Any = None
    remove: bool = False
    reference: Words  # where the value is from, or why it is tried

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.value is None) != self.remove:
            raise ValueError(msg("give 'value', or 'remove = true'"))
        return self


class Overlay(Table):
    """The file of a what-if."""

    base: str
    name: Name
    changes: tuple[Change, ...] = Field(min_length=1)


class Changed(Table):
    """What a change did; values as the files write them, None: the key is not there."""

    key: str
    before: Any
    after: Any
    reference: Words


class WhatIf(Table):
    """What a policy is that was made from another one by an overlay."""

    base: str  # id
    base_sha256: str
    name: Words
    changes: tuple[Changed, ...]

    @classmethod
    def of(cls, overlay: Overlay, base_sha256: str, changes: tuple[Changed, ...]) -> "WhatIf":
        return cls(base=overlay.base, base_sha256=base_sha256, name=overlay.name, changes=changes)

    @property
    def id(self) -> str:
        """The identity of what is made under it; no season can name it, as it is no policy's id."""
        return f"{self.base} + {self.name.en}"


def is_overlay(raw: bytes) -> bool:
    """Whether the text of a file is an overlay, and no policy; what is not TOML is neither."""
    try:
        data = toml(raw, "")
    except WrongCall:
        return False
    return "base" in data or "changes" in data


def overlay_of(data: Mapping[str, Any], origin: str) -> Overlay:
    """The overlay of a file's content; WrongCall names file and key of each mistake."""
    try:
        return Overlay.model_validate(data)
    except ValidationError as error:
        raise wrong_file(faults_of(error, Overlay), origin) from None


def packed(base: bytes, overlay: bytes) -> bytes:
    """Base and overlay as one text, from which `unpacked` has both to the byte; both are UTF-8."""
    return (
        "# A what-if: a policy and the overlay on it, each as its file had it.\n"
        f"[{PACKED}]\nbase = {_quoted(base)}\noverlay = {_quoted(overlay)}\n"
    ).encode()


def unpacked(data: Mapping[str, Any]) -> tuple[bytes, bytes] | None:
    """(base, overlay) of a packed text's content; None where it is none."""
    match data.get(PACKED):
        case {"base": str(base), "overlay": str(overlay)} if len(data) == 1:
            return base.encode(), overlay.encode()
    return None


def _quoted(raw: bytes) -> str:
    text = raw.decode("utf-8").replace("\\", "\\\\").replace("\r", "\\r")
    text = re.sub(r'"(?="|\Z)', r'\\"', text)
    return f'"""\n{text}"""'


def merged(
    base: Mapping[str, Any], overlay: Overlay, origin: str
) -> tuple[dict[str, Any], tuple[Changed, ...]]:
    """(the base's content with the changes, what they did); WrongCall names each that can't be."""
    data, changed, faults = deepcopy(dict(base)), [], [*_twice(overlay)]
    places: list[tuple[Any, Any, Any]] = []  # holder, slot, value
    for each in overlay.changes:
        found = _place(data, each, overlay.base)
        if isinstance(found, Text):
            faults.append(msg("changes: {key}: {why}", key=each.key, why=found))
            continue
        holder, slot, before = found
        places.append((holder, slot, _GONE if each.remove else each.value))
        changed.append(
            Changed(key=each.key, before=before, after=each.value, reference=each.reference)
        )
    if faults:
        raise wrong_file(faults, origin)
    for holder, slot, value in places:
        _put(holder, slot, value)
    return _swept(data), tuple(changed)


_GONE = object()


def _twice(overlay: Overlay) -> Iterator[Text]:
    """Changes of one key, or of a key inside another one's."""
    keys = [each.key for each in overlay.changes]
    for i, key in enumerate(keys):
        if any(key == other or key.startswith(f"{other}.") for other in keys[:i]) or any(
            other.startswith(f"{key}.") for other in keys[:i]
        ):
            yield msg("changes: {key} is changed twice; allowed: each key once", key=key)


def _place(data: dict[str, Any], change: Change, base: str) -> tuple[Any, Any, Any] | Text:
    """(holder, slot, the value before) of a change, or what is wrong with it."""
    *way, last = change.key.split(".")
    if (first := [*way, last][0]) in OF_THE_ACT:
        return msg(
            "{key} says which act it is and stays; allowed: the numbers and interpretations of "
            "{base} ({keys})",
            key=first, base=base, keys=", ".join(each for each in data if each not in OF_THE_ACT),
        )  # fmt: skip
    holder: Any = data
    for part in way:
        slot = _slot(holder, part)
        if slot is None:
            return _no_such(holder, part, base)
        holder = holder[slot]
    slot = _slot(holder, last)
    if slot is not None:
        before = holder[slot]
        if not change.remove and _same(before, change.value):
            return msg(
                "{value} is the value of {base} already; allowed: another one, or leave the key out",
                value=as_written(change.value), base=base,
            )  # fmt: skip
        return holder, slot, before
    if change.remove or not (isinstance(holder, dict) or _can_join(holder, last, change.value)):
        return _no_such(holder, last, base)
    return holder, last, None


def _slot(holder: Any, part: str) -> Any:
    """The key or index of a part of a dotted key; None: there is none."""
    if isinstance(holder, dict):
        return part if part in holder else None
    names = _names(holder)
    return names.index(part) if part in names else None


def _names(holder: Any) -> list[str]:
    """What the entries of a list are called by, or the keys of a table."""
    if isinstance(holder, dict):
        return [*holder]
    if not isinstance(holder, list):
        return []
    names = [_name_of(each) for each in holder]
    own = all(names) and len({*names}) == len(names)
    return names if own else [str(i) for i in range(len(holder))]


def _name_of(entry: Any) -> str:
    if not isinstance(entry, dict):
        return ""
    return next((str(entry[key]) for key in _NAMED_BY if key in entry), "")


def _can_join(holder: Any, name: str, value: Any) -> bool:
    """Whether a value is a new entry of a list, under its own name."""
    return isinstance(holder, list) and _name_of(value) == name


def _no_such(holder: Any, part: str, base: str) -> Text:
    names = _names(holder)
    if not names:
        return msg("{base} has no {part!r} there: it is a value", base=base, part=part)
    return msg(
        "{base} has no {part!r} there; allowed: {allowed}",
        base=base, part=part, allowed=", ".join(each for each in names if each not in OF_THE_ACT),
    )  # fmt: skip


def _put(holder: Any, slot: Any, value: Any) -> None:
    if isinstance(holder, list) and not isinstance(slot, int):
        holder.append(value)
    else:
        holder[slot] = value


def _swept(value: Any) -> Any:
    """Without what was removed: only now, as entries of a list are called by their number."""
    if isinstance(value, dict):
        return {key: _swept(each) for key, each in value.items() if each is not _GONE}
    if isinstance(value, list):
        return [_swept(each) for each in value if each is not _GONE]
    return value


def _same(a: Any, b: Any) -> bool:
    """Whether two values are one, also where a number is written otherwise: "18" and "18.0"."""
    if isinstance(a, str) and isinstance(b, str):
        one, other = _number(a), _number(b)
        return a == b if one is None or other is None else one == other
    return type(a) is type(b) and bool(a == b)


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


def told(value: Any) -> Any:
    """A value of a change as steps and tables show it: words in both languages, else as written."""
    if value is None:
        return msg("none")
    if isinstance(value, Mapping) and {"zh", "en"} <= value.keys():
        return {"zh": value["zh"], "en": value["en"]}
    return value if isinstance(value, str) else _written(value)


def _written(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {_written(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(map(_written, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
