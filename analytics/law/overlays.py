"""A what-if as a named overlay: a policy's id, a name, and only the keys that are changed, each with its reference.

Its policy is the base with the changes, of an identity of its own, so that nothing made under it can
pass for the act. Base and overlay are kept as one text (`packed`), and that is what is hashed.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)

from analytics.law.dated import DATED, Document
from analytics.law.keyed import GONE, place, put, swept, twice
from analytics.law.policy_texts import faults_of, toml, wrong_file
from analytics.law.terms import Table, Words
from domain.errors import WrongCall
from domain.faults import shaped
from domain.language import Text, msg

PACKED = "what_if"  # the table of a kept text that holds base and overlay
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
    since: date | None = None  # from 0:00 local; absent: on every day
    document: Document | None = None  # with `since`: where the value is from, as its lines cite it
    clause: str | None = Field(None, min_length=1)  # of the document

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.value is None) != self.remove:
            raise ValueError(msg("give 'value', or 'remove = true'"))
        if len({each is None for each in (self.since, self.document, self.clause)}) > 1:
            raise ValueError(msg("give 'since', 'document' and 'clause', or none of them"))
        return self

    def dated(self) -> dict[str, Any]:
        """As a policy's list of dated values has it."""
        told = {"value": self.value} if not self.remove else {"remove": True}
        named = {"since": self.since, "key": self.key, "document": self.document}
        return {**named, "clause": self.clause, **told}


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
    since: date | None = None  # None: on every day

    @model_serializer(mode="wrap")
    def _without_none(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A change of every day has no key of it."""
        told: dict[str, Any] = handler(self)
        if self.since is None:
            told.pop("since", None)
        return told


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
    """(the base's content with the changes, what they did); WrongCall names each that can't be.

    Those of a day are among the content's dated values, which `analytics.law.dated` checks.
    """
    data, changed, faults = deepcopy(dict(base)), [], [*_twice(base, overlay)]
    places: list[tuple[Any, Any, Any]] = []  # holder, slot, value
    for each in overlay.changes:
        value = GONE if each.remove else each.value
        found = place(data, each.key, value if each.since is None else GONE, overlay.base)
        if isinstance(found, Text) and each.since is None:
            faults.append(msg("changes: {key}: {why}", key=each.key, why=found))
            continue
        before = None if isinstance(found, Text) else found[2]
        if not isinstance(found, Text) and each.since is None:
            places.append((*found[:2], value))
        told = {"key": each.key, "before": before, "after": each.value, "since": each.since}
        changed.append(Changed(**told, reference=each.reference))
    if faults:
        raise wrong_file(faults, origin)
    for holder, slot, value in places:
        put(holder, slot, value)
    return _with_dated(swept(data), overlay), tuple(changed)


def _with_dated(data: dict[str, Any], overlay: Overlay) -> dict[str, Any]:
    """The content with the overlay's values of a day among its own, by day."""
    new = [each.dated() for each in overlay.changes if each.since is not None]
    if not new:
        return data
    return data | {DATED: sorted([*data.get(DATED, []), *new], key=lambda each: each["since"])}


def _twice(base: Mapping[str, Any], overlay: Overlay) -> Iterator[Text]:
    """Changes of one key, or of a key inside another one's; without a day of one that changes on a day."""
    of_every_day = [each.key for each in overlay.changes if each.since is None]
    for key in twice(of_every_day):
        yield msg("changes: {key} is changed twice; allowed: each key once", key=key)
    dated = [str(each.get("key")) for each in base.get(DATED, ()) if isinstance(each, Mapping)]
    for key in of_every_day:
        if any([*twice([other, key])] for other in dated):
            yield msg(
                "changes: {key} is another value from a later day on in {base} already; allowed: with "
                "since, document and clause, or the value in dated",
                key=key, base=overlay.base,
            )  # fmt: skip


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
