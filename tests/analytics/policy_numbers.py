"""Numbers of a policy, each changed a little: what its cases must notice.

A number that could change without any case coming out otherwise is hit by none. Temperatures change by
a thousandth of a degree, lengths of time by a minute, shares by a hundredth of themselves, counts by
one; a word changes to another that its key allows. Edges of bands move together with what they
meet. Deadlines of people that no case can state (complaints, notices) are left out, as are the signatures
that facts in a file have all of.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, NamedTuple

from analytics.facts.facts_file import Facts, from_facts
from analytics.law.calculators import CALCULATORS
from analytics.law.policy import PolicyFile, policy_of
from analytics.settlement.policy_cases import PolicyCase, compared
from analytics.settlement.settle import settle_one
from domain.errors import WrongCall

Path = tuple[str | int, ...]
#: Calculators that do not look at the standard: of outages, and with limits of their own.
WITHOUT_STANDARD = ("outage", "flat_block", "block_days", "late_season", "non_compliance")
#: Keys that say where a number is from, not what is paid.
NOT_NUMBERS = {"clause", "grade", "bands_by_contract"}
#: Words a key can have; each is changed to the next.
WORDS: dict[str, tuple[str | None, ...]] = {
    "op": (">=", ">"),
    "start": ("request", "first_evidence", "measurement"),
    "scope": ("dwelling", "room", "affected_part"),
    "fee": ("whole", "net_of_basic"),
    "metered": ("whole", "basic_fee"),
    "of_metered": ("fee", "reading", "basic_and_reading"),
    "at": ("any_time", "season_ends"),
    "text": ("not_seen", "none"),
    "supplier_late": ("none", "lowest_band", "term_open", "band_open"),
    "user_refuses": ("none", "compliant"),
    "not_shown": ("presumed", "undetermined"),
    "value": ("own", "lowest_record"),
    "unit": ("share", "started_day"),
    "late_interest": ("contract", None),
    "degrees": ("C", "F"),
    "causes": ("third_party", "force_majeure"),
}
#: What blocks of 24 h know nothing of; `policy check` allows one value of each.
NOT_OF_BLOCKS = {
    ("day", "include_recovery"), ("presumptions", "supplier_late"),
    ("presumptions", "user_refuses"), ("retest", "value"),
}  # fmt: skip
#: Of `day_band`, whose days are counted so.
DAYS = ("natural", "block24_floor", "block24")
EDGES = ("from", "above", "below", "up_to")
SWAPPED = {"from": "above", "above": "from", "below": "up_to", "up_to": "below"}


class Known(NamedTuple):
    """A case with its facts as they were read: every change is tried on them."""

    case: PolicyCase
    facts: Facts

    def right(self, file: PolicyFile) -> bool:
        try:
            return compared(self.case, file, settle_one(self.facts, file)).right
        except WrongCall:
            return False


def unnoticed(file: PolicyFile, cases: Sequence[PolicyCase]) -> list[str]:
    """Each change of a number that no case notices, in words; only cases that come out right can."""
    own = file.policy
    known = [
        Known(each, from_facts(each.facts, own.id, own.currency, of_money=own.pays()))
        for each in cases
    ]
    right = [each for each in known if each.right(file)]
    return [words for words, data in changes(file.raw) if not _noticed(file, data, right)]


def _noticed(file: PolicyFile, data: dict[str, Any], cases: list[Known]) -> bool:
    try:
        policy = policy_of(data, True, file.origin)
    except WrongCall:  # no policy could have it beside its other numbers
        return True
    changed = replace(file, policy=policy)
    for i, each in enumerate(cases):
        if not each.right(changed):
            cases.insert(
                0, cases.pop(i)
            )  # first for the next number, which is mostly of the same clause
            return True
    return False


def changes(raw: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """(what changed, the policy's tables with it)."""
    data = tomllib.loads(raw.decode())
    yield from _temperatures(data)
    yield from _deficits(data)
    yield from _own_standards(data)
    for path, value in _leaves(data):
        for new in _values(_key(path), value):
            yield f"{_shown(path)} = {value} -> {new}", _with(data, path, new)


def _tables(data: Mapping[str, Any]) -> list[str]:
    return [name for name in (*CALCULATORS, "outages", "settle") if name in data]


def _leaves(data: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    for name in _tables(data):
        of_blocks = data[name].get("day", {}).get("unit", "natural") != "natural"
        for path, value in _inside(data[name], (name,)):
            if value == "term_open" or not (of_blocks and path[1:] in NOT_OF_BLOCKS):
                yield path, value
    for end in ("since", "until") if "closed" in data.get("records", {}) else ():
        yield ("records", "closed", end), data["records"]["closed"][end]
    if "measure_h" in data.get("sla", {}):
        yield ("sla", "measure_h"), data["sla"]["measure_h"]


def _key(path: Path) -> str:
    """What the value is called: of one in a list, as the list."""
    return next(part for part in reversed(path) if isinstance(part, str))


def _inside(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    pairs: Any = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    elif path[-1] not in NOT_NUMBERS and not (_of_bands(path) and path[-1] in EDGES):
        yield path, value
    for key, each in pairs:
        yield from _inside(each, (*path, key))


def _of_bands(path: Path) -> bool:
    return "bands" in path or "deficits" in path


def _values(key: str, value: Any) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif key.endswith("_clause"):  # of what is paid by it alone
        yield None
    elif isinstance(value, int):
        yield from (new for new in (value - 1, value + 1) if new > 0)
    elif key in WORDS:
        words = DAYS if value in DAYS else WORDS[key]
        others = [word for word in words if word != value]
        yield others[0]
    elif key in {"by", "first_day", "last_day"}:
        month, day = (int(part) for part in value.split("-"))
        for days in (1,) if key == "by" else (-1, 1):
            yield (date(2025, month, day) + timedelta(days=days)).isoformat()[5:]
    elif re.fullmatch(r"\d\d:\d\d", value):
        hour, minute = value.split(":")
        yield f"{hour}:{int(minute) + 1:02d}"
    elif key == "refund" or "/" in value:
        yield str(Fraction(value) * Fraction(99, 100))
    else:
        yield from _near(key, value)


def _near(key: str, value: str) -> Iterator[str]:
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise KeyError(f"{key} = {value}: WORDS must say which others it can be") from None
    money = key in {"first", "each", "most"}
    length = key.endswith("_h") or key == "hours"
    fahrenheit = key in {"below", "outdoor_below"}  # less changes no thousandth of a degree Celsius
    step = Decimal("0.01" if money else "0.017" if length else "0.002" if fahrenheit else "0.001")
    yield from (str(number - step), str(number + step))


def _temperatures(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The standard and each edge of bands a thousandth up and down; and the other side in."""
    every = [
        (name, *path, key)
        for name in _tables(data)
        for path, band in _bands(data[name], ())
        for key in EDGES
        if key in band
    ]
    values = {_at(data, path) for path in every} | {data["standard"]["temp"]}
    for value in sorted(values):
        own = [path for path in every if _at(data, path) == value]
        if data["standard"]["temp"] == value and _standard_counts(data):
            own.append(("standard", "temp"))
        for step in ("-0.001", "0.001"):
            new = str(Decimal(value) + Decimal(step))
            changed = data
            for path in own:
                changed = _with(changed, path, new)
            if own:
                yield f"{value} °C -> {new}", changed
        inner = [path for path in own if path[0] != "standard"]
        if len(inner) > 1:
            changed = data
            for path in inner:
                changed = _swapped(changed, path)
            yield f"{value} °C: the other side in", changed


def _own_standards(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each standard of a kind of room, a thousandth up and down; and of another kind."""
    for i, row in enumerate(data["standard"].get("own", [])):
        path: Path = ("standard", "own", i)
        for step in ("-0.001", "0.001"):
            new = str(Decimal(row["temp"]) + Decimal(step))
            yield f"{row['kind']}: {row['temp']} °C -> {new}", _with(data, (*path, "temp"), new)
        yield f"{row['kind']} -> bathroom", _with(data, (*path, "kind"), "bathroom")


def _deficits(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each edge of deficits a thousandth up and down, but 0; and the other side in."""
    rows = data.get("day_band", {}).get("deficits", [])
    every: list[Path] = [
        ("day_band", "deficits", i, key)
        for i, row in enumerate(rows)
        for key in EDGES
        if key in row
    ]
    for value in sorted({_at(data, path) for path in every} - {"0"}):
        own = [path for path in every if _at(data, path) == value]
        for step in ("-0.001", "0.001"):
            changed = data
            for path in own:
                changed = _with(changed, path, str(Decimal(value) + Decimal(step)))
            yield f"{value} K -> {step}", changed
        changed = data
        for path in own:
            changed = _swapped(changed, path)
        yield f"{value} K: the other side in", changed


def _standard_counts(data: Mapping[str, Any]) -> bool:
    """Whether a calculator looks at temperatures: one of outages alone does not."""
    by_contract = data["standard"].get("agreed") == "must"
    own = [
        name for name in _tables(data) if name != "settle" and not name.startswith(WITHOUT_STANDARD)
    ]
    return bool(own) and not by_contract


def _bands(table: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    if isinstance(table, dict):
        for key, each in table.items():
            if key == "bands":
                yield from (((*path, key, i), band) for i, band in enumerate(each))
            else:
                yield from _bands(each, (*path, key))


def _at(data: Any, path: Path) -> Any:
    for key in path:
        data = data[key]
    return data


def _with(data: dict[str, Any], path: Path, new: Any) -> dict[str, Any]:
    found = deepcopy(data)
    _at(found, path[:-1])[path[-1]] = new
    return found


def _swapped(data: dict[str, Any], path: Path) -> dict[str, Any]:
    found = deepcopy(data)
    band = _at(found, path[:-1])
    band[SWAPPED[str(path[-1])]] = band.pop(path[-1])
    return found


def _shown(path: Path) -> str:
    return ".".join(str(part) for part in path)
