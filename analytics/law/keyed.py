"""Values of a policy's content by dotted key: where one stands, what is wrong with a key, another value put there."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from domain.faults import as_written
from domain.language import Text, msg

#: What says which act it is: no value of it.
OF_THE_ACT = ("id", "title", "grade", "sources")
_NAMED_BY = ("name", "kind")  # what an entry of a list is called by; others by their place, from 0
GONE = object()  # in a value's place: the key is not there any more


def twice(keys: Sequence[str]) -> Iterator[str]:
    """Keys that stand a second time, or inside another one or around it."""
    for i, key in enumerate(keys):
        if any(key == other or key.startswith(f"{other}.") for other in keys[:i]) or any(
            other.startswith(f"{key}.") for other in keys[:i]
        ):
            yield key


def place(data: dict[str, Any], key: str, value: Any, base: str) -> tuple[Any, Any, Any] | Text:
    """(holder, slot, the value before) of a dotted key, or what is wrong with giving it the value.

    `value`: GONE where the key is removed; `base`: what the content is called.
    """
    *way, last = key.split(".")
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
        if value is not GONE and _same(before, value):
            return msg(
                "{value} is the value of {base} already; allowed: another one, or leave the key out",
                value=as_written(value), base=base,
            )  # fmt: skip
        return holder, slot, before
    if value is GONE or not (isinstance(holder, dict) or _can_join(holder, last, value)):
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


def put(holder: Any, slot: Any, value: Any) -> None:
    if isinstance(holder, list) and not isinstance(slot, int):
        holder.append(value)
    else:
        holder[slot] = value


def swept(value: Any) -> Any:
    """Without what was removed: only now, as entries of a list are called by their number."""
    if isinstance(value, dict):
        return {key: swept(each) for key, each in value.items() if each is not GONE}
    if isinstance(value, list):
        return [swept(each) for each in value if each is not GONE]
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
