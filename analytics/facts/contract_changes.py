"""Contract terms of a facts file that change inside the season: each row says all that holds from a day on."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from analytics.facts import facts_values
from analytics.facts.changed_terms import TermsSpan
from domain.contract_terms import terms_from
from domain.errors import WrongCall
from domain.language import msg
from domain.time import day_start, from_us, local_day, to_us

Row = Mapping[str, Any]
Local = Callable[[str, str], int]  # a local civil time and its key -> µs
KEY = "contract_changes"
OWN_KEYS = ("since", "until", "season_fee", "area")


def from_changes(
    rows: Sequence[Row],
    first: tuple[str, str, Row],
    season: tuple[int, int],
    local: Local,
    zone: ZoneInfo,
) -> list[TermsSpan]:
    """Each with what holds from it on; `first`: fee, heated area and terms before the first row.

    Raises WrongCall with the key, its value and what is allowed.
    """
    fee, area, contract = first
    named = any("area" in row for row in rows)
    area = str(facts_values.area("area", area)) if area and named else ""
    spans = [TermsSpan(season[0], facts_values.fee(fee), terms_from(contract).kept(), "", area)]
    begun: set[int] = set()
    ends: list[tuple[int, Row]] = []  # that of the row before, where it says one
    dated = [(_since(row, season, local, zone), row) for row in rows]
    for since, row in sorted(dated, key=lambda each: each[0]):
        if since in begun:
            raise WrongCall(
                msg(
                    "facts: {key}.since: {value}: two rows begin then; allowed: one of each day",
                    key=KEY, value=row["since"],
                )
            )  # fmt: skip
        begun.add(since)
        _follows(ends, since)
        own = {name: value for name, value in row.items() if name not in OWN_KEYS}
        text = facts_values.fee(str(row.get("season_fee", fee)))
        of = str(facts_values.area(f"{KEY}.area", str(row["area"]))) if "area" in row else area
        found = TermsSpan(since, text, terms_from(own).kept(), str(own.get("document", "")), of)
        spans = [*spans, found] if since > season[0] else [found]
        until = str(row.get("until") or "")
        ends = [(local(until, f"{KEY}.until"), row)] if until else []
    _follows(ends, season[1])
    return spans


def _since(row: Row, season: tuple[int, int], local: Local, zone: ZoneInfo) -> int:
    """A local midnight of the season, or its begin: terms hold for whole local days."""
    told = str(row.get("since") or "")
    at = local(told, f"{KEY}.since")
    begins = at in (season[0], to_us(day_start(local_day(from_us(at), zone), zone)))
    if not (season[0] <= at < season[1] and begins):
        first, last = (from_us(each).astimezone(zone) for each in season)
        raise WrongCall(
            msg(
                "facts: {key}.since: {value}; allowed: the begin of a local day of the season, {first} "
                "to before {last}",
                key=KEY, value=told, first=f"{first:%Y-%m-%dT%H:%M}", last=f"{last:%Y-%m-%dT%H:%M}",
            )
        )  # fmt: skip
    return at


def _follows(ends: Sequence[tuple[int, Row]], since: int) -> None:
    """A row ends where the next begins, or with the season: of each day one row's terms hold."""
    if ends and ends[-1][0] != since:
        row = ends[-1][1]
        raise WrongCall(
            msg(
                "facts: {key}.until: {value}; allowed: none, or where the next row begins, or the season "
                "ends: of each day the terms of one row hold",
                key=KEY, value=row["until"],
            )
        )  # fmt: skip
