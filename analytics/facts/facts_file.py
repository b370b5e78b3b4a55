"""One household's facts from a file: what `heatwatch refund try` settles."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analytics.facts import facts_values, room_kinds
from analytics.facts.changed_terms import kept_changes
from analytics.facts.contract_changes import from_changes
from analytics.facts.outage_notes import with_notes
from analytics.facts.recorded import from_rows
from analytics.facts.season_facts import SeasonFacts
from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import Ragged, merged
from analytics.heat.supply import HELD_US
from domain.columns import Columns
from domain.errors import WrongCall
from domain.faults import as_written, dotted, fault
from domain.language import Text, joined, msg, not_known
from domain.quality import Quality
from domain.time import HOUR_US, from_us, to_us

#: What keys of facts were called before; read for one release, with a warning.
OLD_KEYS = {"acts": "measurements"}

FIRST_YEAR, LAST_YEAR = 1970, 2199
LONGEST_US = 366 * 24 * HOUR_US  # of a season


class FactsFile(BaseModel):
    """One household's season as a file gives it; local civil times of the zone, ISO without offset."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    id: int | str = "facts"
    policy: str = ""
    season: tuple[str, str]  # first instant, first instant after the end
    season_fee: str = "0.00"  # decimal; needed under a policy that pays anything
    currency: str = ""  # absent: the policy's
    zone: str = ""  # IANA; absent: China's, under a policy in CNY only
    interval_min: int = Field(gt=0, le=1440)  # declared interval of every series
    rooms: dict[str, list[tuple[str, str]]]  # covered room -> (time, decimal Cel)
    outdoor: list[tuple[str, str]] = Field(default_factory=list)  # the same of the city's station
    requests: list[str]
    standing_consent: bool = False  # requests are made for the household
    measurements: list[tuple[str, str, str]]  # signed records: (time, room, decimal Cel)
    outages: list[tuple[str, str]]  # half-open; less than an hour apart they are one (7.9)
    outage_notes: list[dict[str, str]] = Field(default_factory=list)  # `facts.outage_notes`
    refusals: list[str] = Field(default_factory=list)  # the household refused a measurement
    user_faults: list[tuple[str, str]] = Field(default_factory=list)  # findings, half-open
    fee_spans: list[dict[str, str]] = Field(default_factory=list)  # who bore the fee when
    decisions: list[dict[str, str]] = Field(default_factory=list)  # on what is undetermined
    outage_decisions: list[dict[str, str]] = Field(default_factory=list)  # on what they refund
    outdoor_excused_days: list[str] = Field(default_factory=list)  # local days
    room_area: dict[str, str] = Field(default_factory=dict)  # decimal m2, where each is settled
    area: str = ""  # heated area of the dwelling, decimal m2
    room_use: dict[str, str] = Field(default_factory=dict)  # of `domain.tree.RoomUse`
    corner_rooms: list[str] = Field(default_factory=list)
    meter: list[tuple[str, str]] = Field(default_factory=list)  # its register: (time, decimal kWh)
    #: What the household's contract says: agreed, basic_fee, bands ... (`domain.contract_terms`).
    contract: dict[str, Any] = Field(default_factory=dict)
    #: What holds instead from a local day on: since, season_fee, area and the same (`facts.contract_changes`).
    contract_changes: list[dict[str, Any]] = Field(default_factory=list)


def _checked(facts: Mapping[str, Any]) -> FactsFile:
    """WrongCall names each key that is wrong, with its value."""
    for old, new in OLD_KEYS.items():
        if old in facts and new in facts:
            raise WrongCall(
                msg(
                    "facts: {old} and {new} are both given; allowed: {new} only ({old} is its old "
                    "name)",
                    old=old,
                    new=new,
                )
            )
    given = {OLD_KEYS.get(key, key): value for key, value in facts.items()}
    try:
        return FactsFile.model_validate_json(_json(given))
    except ValidationError as error:
        raise WrongCall(joined("\n", [_why(each) for each in error.errors()])) from None


def _why(error: Any) -> Text:
    key, why = dotted(error["loc"]), fault(error, FactsFile)
    if error["type"] == "missing":
        return msg("facts: {key}: {why}", key=key, why=why)
    given = as_written(error["input"])
    return msg("facts: {key} = {given}: {why}", key=key, given=given, why=why)


def _json(given: Mapping[str, Any]) -> str:
    """As a file would have it; from Python, decimals and times may be what they are."""
    parts = []
    for key, value in given.items():
        try:
            part = json.dumps({str(key): value}, default=_plain, ensure_ascii=False)[1:-1]
            part.encode()  # half a character has no bytes
            parts.append(part)
        except UnicodeEncodeError:
            raise WrongCall(
                msg(
                    "facts: {key} = {value}: holds half a character; allowed: text that UTF-8 has",
                    key=key or '""', value=as_written(value),
                )
            ) from None  # fmt: skip
        except (TypeError, ValueError, RecursionError):
            raise WrongCall(
                msg(
                    "facts: {key}: {value} can't be read; allowed: text, numbers, lists, Decimal and "
                    "datetime",
                    key=key or '""',
                    value=repr(value)[:60],
                )
            ) from None
    return "{" + ", ".join(parts) + "}"


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    raise TypeError(type(value).__name__)


@dataclass(frozen=True, slots=True)
class Facts:
    """One household's facts from a file, ready to settle."""

    snapshot: Snapshot
    columns: Columns
    excused_days: tuple[date, ...]  # local days


def from_facts(
    facts: Mapping[str, Any],
    policy: str,
    currency: str = facts_values.CHINAS,
    *,
    of_money: bool = True,
) -> Facts:
    """Facts in the format of `refund try` (README there); local civil times of the zone.

    `currency` is the policy's: that of the facts where they name none. `of_money`: whether the
    policy pays anything; under one that does not the fee may be left out.
    Raises WrongCall with the key, the value and what is allowed.
    """
    given = _checked(facts)
    if of_money and "season_fee" not in facts:
        why = msg("this key is needed")
        raise WrongCall(msg("facts: {key}: {why}", key="season_fee", why=why))
    zone = facts_values.zone(given.zone or facts_values.zone_of(currency))
    local = _local_us(zone)
    names = sorted(given.rooms)
    samples = [_samples(given.rooms[name], local, dotted(("rooms", name))) for name in names]
    outdoor = _samples(given.outdoor, local, "outdoor")
    registers = _samples(given.meter, local, "meter", facts_values.watt_hours)
    records: list[list[tuple[int, int]]] = [[] for _ in names]
    for at, room, celsius in given.measurements:
        if room not in names:
            raise WrongCall(not_known(msg("facts: measurements: room"), room, names))
        records[names.index(room)].append(
            (local(at, "measurements"), facts_values.measured(celsius, "measurements"))
        )
    since, until = (local(each, "season") for each in given.season)
    if until <= since:
        raise WrongCall(
            msg("facts: season: ends {season} before it begins", season=given.season[1])
        )
    if until - since > LONGEST_US:
        raise WrongCall(
            msg(
                "facts: season: {since} to {until} is longer than a year; allowed: at most 366 days",
                since=given.season[0],
                until=given.season[1],
            )
        )
    rooms = range(len(names))
    own = given.season_fee, given.area, given.contract
    spans = from_changes(given.contract_changes, own, (since, until), local, zone)
    plain, noted = with_notes(_spans(given.outages, local, "outages"), given.outage_notes, local)
    snapshot = Snapshot(
        SeasonFacts("facts", policy, since, until, str(zone), None, until),
        np.array([1], dtype=np.int32),
        (str(given.id),),
        (spans[0].fee,),
        (facts_values.currency(given.currency or currency),),
        np.array([given.standing_consent]),
        Ragged.of([[(i + 1,) for i in rooms]], 1),
        tuple(names),
        Ragged.of([[(i + 1, given.interval_min * 60)] for i in rooms], 2),
        Ragged.of(records, 2),
        Ragged.of([[(local(each, "requests"),) for each in given.requests]], 1),
        Ragged.of([merged(plain, HELD_US)], 2),
        Ragged.of([_spans(given.user_faults, local, "user_faults")], 2),
        Ragged.of([[(local(each, "refusals"),) for each in given.refusals]], 1),
        np.array([len(names) + 1][: len(outdoor)], dtype=np.int64),
        np.array([given.interval_min * 60][: len(outdoor)], dtype=np.int64),
        None,
        *_areas(given, names),
        recorded=tuple(
            filter(
                None,
                [from_rows(given.fee_spans, given.decisions, given.outage_decisions, local).kept()],
            )
        ),
        terms=tuple(filter(None, [spans[0].terms])),
        noted_outages=Ragged.of([noted], 5) if noted else None,
        room_kind=room_kinds.from_file(given.room_use, given.corner_rooms, names),
        meters=_meters(given, since, until),
        changes=tuple(filter(None, [kept_changes(spans)])),
    )
    return Facts(
        snapshot,
        _columns(
            [*samples, *([outdoor] if outdoor or registers else []), *filter(None, [registers])]
        ),
        tuple(facts_values.day(each) for each in given.outdoor_excused_days),
    )


def _meters(given: FactsFile, since: int, until: int) -> Ragged | None:
    """The dwelling's heat meter, there before, in and after the season; its series is behind the outdoor one."""
    if not given.meter:
        return None
    series = len(given.rooms) + 2
    return Ragged.of(
        [[(since - LONGEST_US, until + LONGEST_US, series, given.interval_min * 60, 0)]], 5
    )


def _areas(given: FactsFile, names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Heated areas of the dwelling and of its rooms [m2]; none where none are given."""
    if not given.area and not given.room_area:
        return (), ()
    unknown = sorted(set(given.room_area) - set(names))
    if unknown:
        raise WrongCall(
            msg(
                "facts: room_area: room {room!r} is not known; allowed: {allowed}",
                room=unknown[0],
                allowed=", ".join(names),
            )
        )
    whole = facts_values.area("area", given.area)
    rooms = [
        facts_values.area(f"room_area.{name}", given.room_area.get(name, "")) for name in names
    ]
    if sum(rooms, Decimal(0)) > whole:
        raise WrongCall(
            msg(
                "facts: room_area: the rooms have {rooms} m² and the dwelling {whole} m²; allowed: at "
                "most as much",
                rooms=str(sum(rooms, Decimal(0))),
                whole=str(whole),
            )
        )
    return (str(whole),), tuple(str(each) for each in rooms)


def _spans(rows: Sequence[tuple[str, str]], local: "_local_us", key: str) -> list[tuple[int, int]]:
    spans = sorted((local(since, key), local(until, key)) for since, until in rows)
    for since, until in spans:
        if until <= since:
            raise WrongCall(
                msg(
                    "facts: {key}: ends {at} before it begins",
                    key=key,
                    at=local.shown(until),
                )
            )
    return spans


def _columns(samples: Sequence[Sequence[tuple[int, int]]]) -> Columns:
    flat = np.array([row for each in samples for row in each], dtype=np.int64).reshape(-1, 2)
    offsets = np.zeros(len(samples) + 1, dtype=np.int64)
    np.cumsum([len(each) for each in samples], out=offsets[1:])
    mark = np.full(flat.shape[0], int(Quality.GOOD), dtype=np.uint8)
    ids = np.arange(1, len(samples) + 1, dtype=np.int32)
    at, value = np.ascontiguousarray(flat[:, 0]), np.ascontiguousarray(flat[:, 1])
    return Columns(ids, offsets, at, value, mark)


class _local_us:
    """Local civil time without offset -> µs since the epoch."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def __call__(self, text: str, key: str) -> int:
        try:
            year, at_us = _instant(text, self._zone)
        except (TypeError, ValueError):
            raise WrongCall(
                msg(
                    "facts: {key}: {text!r} is not a local time such as 2025-01-09T08:00",
                    key=key,
                    text=text,
                )
            ) from None
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise WrongCall(
                msg(
                    "facts: {key}: {text!r}: allowed: years from {first} to {last}",
                    key=key,
                    text=text,
                    first=str(FIRST_YEAR),
                    last=str(LAST_YEAR),
                )
            )
        return at_us

    def shown(self, us: int) -> str:
        """An instant [µs] as the file writes it, in its zone."""
        return from_us(us).astimezone(self._zone).replace(tzinfo=None).isoformat(timespec="minutes")


@lru_cache(maxsize=50_000)  # rooms have the same times, and so has a season tried otherwise
def _instant(text: str, zone: ZoneInfo) -> tuple[int, int]:
    """(year as written, µs since the epoch); ValueError where it is no time."""
    at = datetime.fromisoformat(text)
    return at.year, to_us(at if at.tzinfo else at.replace(tzinfo=zone))


def _samples(
    rows: Sequence[tuple[str, str]], local: _local_us, key: str,
    ticks: Callable[[str, str], int] = facts_values.milli,
) -> list[tuple[int, int]]:  # fmt: skip
    taken = sorted((local(at, key), ticks(value, key)) for at, value in rows)
    for before, after in pairwise(taken):
        if before[0] == after[0]:
            raise WrongCall(
                msg(
                    "facts: {key}: two samples at {at}",
                    key=key,
                    at=local.shown(after[0]),
                )
            )
    return taken
