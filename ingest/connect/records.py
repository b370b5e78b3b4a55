"""Where the records of a message are, and what stands where in them: read off from samples."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from string import digits
from typing import Any

from ingest.codecs.foreign import flat
from ingest.connect.leaves import leaves, said, step
from ingest.connect.levels import is_identifier
from ingest.connect.times import TimeForm, looks_like_time, time_member, unread_time
from ingest.connect.words import (
    BLANKS,
    CHANNELS,
    DEVICES,
    OTHERS,
    PARTS,
    UNITS,
    VALUES,
    is_time_word,
    last_word,
    word,
)
from ingest.mapping.paths import Found, compile_each
from ingest.mapping.places import compile_place

#: How deep below the root lists of records are looked for.
MOST_DEPTH = 3


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
    time_format: str = ""
    local_time: bool = False  # times are written without offset
    other_formats: tuple[str, ...] = ()  # that read the same times as other days
    time_above: bool = False  # it stands around the records
    unread_time: tuple[str, ...] = ()  # path and value of what looks like a time
    missing: tuple[str, ...] = ()
    channels: dict[str, str] = field(default_factory=dict)  # name -> path


def records_of(contents: Sequence[Any], received_us: int, *, by_key: bool = True) -> Records | None:
    """What stands where in these messages of one kind, None where nothing in them is a number.

    Parameters
    ----------
    contents : sequence
        Decoded JSON: objects or lists.
    received_us : int
        When they came, since the epoch. [µs]
    by_key : bool
        Whether keys of an object may be devices.
    """
    each = _each(contents, by_key=by_key)
    find = compile_each(each) if each else None
    found = [record for content in contents for record in (find(content) if find else [])]
    records = [one.value for one in found] if find else list(contents)
    above = [over for one in found for over in one.above if isinstance(over, dict)]
    records = [each for each in records if isinstance(each, dict)]
    if not records:
        return None
    device = "" if "{device}" in each else _first(DEVICES, records, above, _is_name)
    time = time_member(records, above, received_us)
    unread = None if time else unread_time(records, above)
    own = {device, time.name if time else ""}
    channel, value = _long(records, own)
    unit = _first(UNITS, records, [], _is_text) if channel else ""
    channels = {} if channel else _channels(records, own)
    if not channel and not channels:
        return None
    form = time.form if time else TimeForm()
    return Records(
        each, _path(device), _path(channel), _path(value), _path(unit), time.path if time else "",
        form.unit, form.pattern, form.local, form.others, bool(time and time.is_above), unread or (),
        _missing(records, [_path(value)] if channel else list(channels.values())), channels,
    )  # fmt: skip


def values_at(records: Records, contents: Sequence[Any]) -> set[Any]:
    """What the member that says the device says in these messages."""
    place = compile_place(records.device)
    find = compile_each(records.each) if records.each else None
    found = [one for each in contents for one in (find(each) if find else [Found(each, (), {})])]
    return {name for each in found if _is_name(name := place(each))}


def _path(name: str) -> str:
    return "$" + step(name) if name else ""


def _each(contents: Sequence[Any], *, by_key: bool) -> str:
    """The path of the records, "" where each message is one."""
    if all(isinstance(each, list) for each in contents):
        return "$[*]"
    found = Counter(path for each in contents for path in _lists(each, "$", MOST_DEPTH))
    if found:  # the one that most messages have, of these the outermost
        return max(found, key=lambda path: (found[path], -path.count("."))) + "[*]"
    if not by_key:
        return ""
    keyed = Counter(path for each in contents for path in _keyed(each, "$", MOST_DEPTH))
    if keyed:
        return max(keyed, key=lambda path: (keyed[path], -path.count("."))) + ".{device}"
    return ""


def _lists(content: Any, path: str, depth: int) -> Iterator[str]:
    """Paths of lists of objects."""
    if not isinstance(content, dict) or not depth:
        return
    for name, value in said(content):
        if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
            yield path + step(name)
        else:
            yield from _lists(value, path + step(name), depth - 1)


def _keyed(content: Any, path: str, depth: int) -> Iterator[str]:
    """Paths of objects whose members are alike: two objects or more with the same keys, by device."""
    if not isinstance(content, dict) or not depth:
        return
    members = {name: each for name, each in content.items() if isinstance(each, dict)}
    if len(members) > 1 and (len(members) == len(content) or _are_devices(content, members)):
        shared = frozenset.intersection(*(frozenset(each) for each in members.values()))
        first = next(iter(members.values()))
        if shared and any(_is_number(first[name]) for name in shared):
            yield path
            return
    for name, value in said(content):
        yield from _keyed(value, path + step(name), depth - 1)


def _are_devices(content: dict[str, Any], members: Iterable[str]) -> bool:
    """Whether keys beside single values, such as a common time, are devices and not parts of one."""
    if any(word(name) in DEVICES for name in content):
        return False
    return all(is_identifier(name) and word(name).rstrip(digits) not in PARTS for name in members)


def _first(
    words: Iterable[str], records: Sequence[Any], above: Sequence[Any], fits: Callable[[Any], bool]
) -> str:
    """The first of these words that the records have, else what is around them, as it is written; or ""."""
    for wanted in words:
        for group in (records, above):
            names = [name for each in group for name, _ in said(each) if word(name) == wanted]
            if names and all(fits(each[names[0]]) for each in group if names[0] in each):
                return str(names[0])
    return ""


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
        for path, name, value in leaves(each, "$", ""):
            last = last_word(name)
            timed = is_time_word(last) and looks_like_time(value)
            if name in own or timed or last in OTHERS or last in DEVICES or not _measures(value):
                others.add(name)
                continue
            found.setdefault(name, path)
            if _is_number(value):
                numbers.add(name)
    return {name: path for name, path in found.items() if name in numbers - others}


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
        for path, _, value in leaves(each, "$", "")
        if path in wanted and isinstance(value, str) and _is_blank(value)
    }
    return tuple(sorted(found))
