"""Where the records of a message are, and what stands where in them: read off from samples."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from ingest.codecs.foreign import flat
from ingest.connect.words import BLANKS, CHANNELS, DEVICES, OTHERS, TIMES, UNITS, VALUES, word
from ingest.mapping.paths import Found, compile_each
from ingest.mapping.places import compile_place
from ingest.mapping.steps import PLAIN
from ingest.mapping.times import SCALE, YEAR_2000_US, YEAR_2100_US, read_time

#: How deep below the root lists of records are looked for.
MOST_DEPTH = 3
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Records:
    """What a mapping says of records; "" and () where they say it not."""

    each: str = ""
    device: str = ""
    channel: str = ""
    value: str = ""
    unit: str = ""
    time: str = ""
    time_unit: str = ""
    local_time: bool = False  # times are written without offset
    missing: tuple[str, ...] = ()
    channels: dict[str, str] = field(default_factory=dict)  # name -> path


def records_of(contents: Sequence[Any]) -> Records | None:
    """What stands where in these messages of one kind, None where nothing in them is a number.

    Parameters
    ----------
    contents : sequence
        Decoded JSON: objects or lists.
    """
    each = _each(contents)
    find = compile_each(each) if each else None
    found = [record for content in contents for record in (find(content) if find else [])]
    records = [one.value for one in found] if find else list(contents)
    above = [over for one in found for over in one.above if isinstance(over, dict)]
    records = [each for each in records if isinstance(each, dict)]
    if not records:
        return None
    device = "" if "{device}" in each else _first(DEVICES, records, above, _is_name)
    time = _first(TIMES, records, above, _is_time)
    channel, value = _long(records, {device, time})
    unit = _first(UNITS, records, [], _is_text) if channel else ""
    channels = {} if channel else _channels(records, {device, time})
    if not channel and not channels:
        return None
    time_unit, local = _time(time, (*records, *above))
    return Records(
        each, _path(device), _path(channel), _path(value), _path(unit), _path(time), time_unit, local,
        _missing(records, [_path(value)] if channel else list(channels.values())), channels,
    )  # fmt: skip


def values_at(records: Records, contents: Sequence[Any]) -> set[Any]:
    """What the member that says the device says in these messages."""
    place = compile_place(records.device)
    find = compile_each(records.each) if records.each else None
    found = [one for each in contents for one in (find(each) if find else [Found(each, (), {})])]
    return {name for each in found if _is_name(name := place(each))}


def step(name: str) -> str:
    r"""A member as a step of a path, "" where no path can say it.

    >>> step("t_sup"), step("t 1"), step("a'b")
    ('.t_sup', "['t 1']", '["a\'b"]')
    """
    ways = (f".{name}", f"['{name}']", f'["{name}"]')
    return next((each for each in ways if PLAIN.match(f"${each}")), "")


def _path(name: str) -> str:
    return "$" + step(name) if name else ""


def _each(contents: Sequence[Any]) -> str:
    """The path of the records, "" where each message is one."""
    if all(isinstance(each, list) for each in contents):
        return "$[*]"
    found = Counter(path for each in contents for path in _lists(each, "$", MOST_DEPTH))
    if found:  # the one that most messages have, of these the outermost
        return max(found, key=lambda path: (found[path], -path.count("."))) + "[*]"
    keyed = Counter(path for each in contents for path in _keyed(each, "$", MOST_DEPTH))
    if keyed:
        return max(keyed, key=lambda path: (keyed[path], -path.count("."))) + ".{device}"
    return ""


def _lists(content: Any, path: str, depth: int) -> Iterator[str]:
    """Paths of lists of objects."""
    if not isinstance(content, dict) or not depth:
        return
    for name, value in _said(content):
        if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
            yield path + step(name)
        else:
            yield from _lists(value, path + step(name), depth - 1)


def _keyed(content: Any, path: str, depth: int) -> Iterator[str]:
    """Paths of objects whose members are alike: two objects or more with the same keys, by device."""
    if not isinstance(content, dict) or not depth:
        return
    members = [each for each in content.values() if isinstance(each, dict)]
    if len(members) > 1 and len(members) == len(content):
        shared = frozenset.intersection(*(frozenset(each) for each in members))
        if shared and any(_is_number(members[0][name]) for name in shared):
            yield path
            return
    for name, value in _said(content):
        yield from _keyed(value, path + step(name), depth - 1)


def _said(content: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The members that a path can say."""
    return ((name, value) for name, value in content.items() if step(name))


def _first(
    words: Iterable[str], records: Sequence[Any], above: Sequence[Any], fits: Callable[[Any], bool]
) -> str:
    """The first of these words that the records have, else what is around them, as it is written; or ""."""
    for wanted in words:
        for group in (records, above):
            names = [name for each in group for name, _ in _said(each) if word(name) == wanted]
            if names and all(fits(each[names[0]]) for each in group if names[0] in each):
                return str(names[0])
    return ""


def _time(name: str, records: Iterable[Any]) -> tuple[str, bool]:
    """Unit of the numbers of event times, or "iso"; whether they are written without offset."""
    values = [each[name] for each in records if each.get(name) is not None] if name else []
    units = Counter(map(_time_unit, values))
    unit = max(units, key=lambda each: units[each], default="")
    return unit, unit == "iso" and not any(_has_offset(str(each)) for each in values)


def _is_time(value: Any) -> bool:
    return value is None or _time_unit(value) != ""


def _time_unit(value: Any) -> str:
    """ "iso", or the unit in which a number lies in this century; "" where it is no time."""
    try:
        at_us, _ = read_time(value, "iso", _UTC)
    except ValueError:
        at_us = 0
    if isinstance(value, str) and not value.strip().lstrip("-").replace(".", "", 1).isdigit():
        return "iso" if at_us else ""
    try:
        number = Decimal(value)
    except (ArithmeticError, TypeError, ValueError):
        return ""
    fits = [unit for unit, scale in SCALE.items() if YEAR_2000_US <= number * scale < YEAR_2100_US]
    return fits[0] if fits else ""


def _has_offset(text: str) -> bool:
    tail = text[10:]
    return tail.rstrip().upper().endswith("Z") or "+" in tail or "-" in tail


def _long(records: Sequence[Any], own: set[str]) -> tuple[str, str]:
    """What the name of the channel and its value are called where a record is one value; else twice ""."""
    value = _first(VALUES, records, [], _is_single)
    channel = _first(CHANNELS, records, [], _is_name)
    said = [each for each in records if channel in each and _is_number(each.get(value))]
    if not value or not channel or channel in own or not said:
        return "", ""
    return channel, value


def _channels(records: Sequence[Any], own: set[str]) -> dict[str, str]:
    """Channel -> path of every number that may measure something, in the order of the messages."""
    found: dict[str, str] = {}
    numbers: set[str] = set()
    others: set[str] = set()
    for each in records:
        for path, name, value in _leaves(each, "$", ""):
            last = word(name.rpartition(".")[2])
            if name in own or last in OTHERS or last in DEVICES or not _measures(value):
                others.add(name)
                continue
            found.setdefault(name, path)
            if _is_number(value):
                numbers.add(name)
    return {name: path for name, path in found.items() if name in numbers - others}


def _leaves(content: Any, path: str, name: str) -> Iterator[tuple[str, str, Any]]:
    """(path, channel, value) of each member of objects inside objects."""
    for key, value in _said(content):
        called = f"{name}.{key}" if name else key
        if isinstance(value, dict):
            yield from _leaves(value, path + step(key), called)
        elif not isinstance(value, list):
            yield path + step(key), called, value


def _measures(value: Any) -> bool:
    return value is None or _is_number(value) or (isinstance(value, str) and _is_blank(value))


def _is_blank(text: str) -> bool:
    return text.strip().lower() in BLANKS


def _is_number(value: Any) -> bool:
    return not isinstance(value, bool) and any(
        True for _ in flat({"v": value}) if value is not None
    )


def _is_single(value: Any) -> bool:
    """Whether it may stand among values: points of a list are numbers, words and switches."""
    return not isinstance(value, dict | list)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_name(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""


def _missing(records: Sequence[Any], paths: Sequence[str]) -> tuple[str, ...]:
    """Texts that stand in place of numbers."""
    wanted = set(paths)
    found = {
        value
        for each in records
        for path, _, value in _leaves(each, "$", "")
        if path in wanted and isinstance(value, str) and _is_blank(value)
    }
    return tuple(sorted(found))
