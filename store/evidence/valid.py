"""Which recorded facts hold at an instant: spans that contain it, and what happened on its day."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from domain.fee_gaps import FOREVER_US, Fee, as_held
from domain.recorded import SEPARATOR
from domain.time import Span, to_us
from store.evidence.versions import Version
from store.registry.kinds import KIND_OF

FEES, TERMS = "fee_spans", "contract_terms"
Seasons = Mapping[str, Span]  # by code


def valid(found: Sequence[Version], at: datetime, zone: tzinfo, seasons: Seasons) -> list[Version]:
    """Those of the versions, of which a key has one, that hold at an instant, in their order.

    A span holds where `since <= at < until`, one without an end from then on. Of fee and terms one
    row holds at a time, until the next begins. A contract holds in its season, a tariff always.
    What has an instant and no span is of its day in the `zone`.
    """
    one_at_a_time = {id(each) for each in (*_fees(found, at), *_terms(found, at, seasons))}
    return [
        each
        for each in found
        if (
            id(each) in one_at_a_time
            if each.kind in (FEES, TERMS)
            else _holds(each, at, zone, seasons)
        )
    ]


def _holds(version: Version, at: datetime, zone: tzinfo, seasons: Seasons) -> bool:
    key = KIND_OF[version.kind].key
    if version.at is not None and "since" in key:
        until = _until(version)
        return version.at <= at and (until is None or at < until)
    if version.at is not None:
        return version.at.astimezone(zone).date() == at.astimezone(zone).date()
    return "season" not in key or _season(version, seasons).holds(at)


def _until(version: Version) -> datetime | None:
    text = version.values["until"]
    return datetime.fromisoformat(text) if text else None


def _season(version: Version, seasons: Seasons) -> Span:
    return seasons[version.key.split(SEPARATOR)[1]]


def _fees(found: Sequence[Version], at: datetime) -> Iterator[Version]:
    """The row of each household that says who bears the fee then."""
    homes: defaultdict[str, dict[int, Version]] = defaultdict(dict)
    for each in found:
        if each.kind == FEES and each.at is not None:
            homes[each.about][to_us(each.at)] = each
    for rows in homes.values():
        fees = []
        for since, each in rows.items():
            until = _until(each)
            ends = FOREVER_US if until is None else to_us(until)
            fees.append(Fee(since, ends, each.values["state"], each.values["payer"]))
        held = [row.since for row in as_held(fees) if row.since <= to_us(at) < row.until]
        if held:
            yield rows[max(held)]


def _terms(found: Sequence[Version], at: datetime, seasons: Seasons) -> Iterator[Version]:
    """The terms of each contract that hold then; those without a begin are of the season's."""
    contracts: defaultdict[tuple[str, Span], list[tuple[datetime, Version]]] = defaultdict(list)
    for each in found:
        if each.kind == TERMS:
            season = _season(each, seasons)
            contracts[each.about, season].append((each.at or season.since, each))
    for (_, season), rows in contracts.items():
        begun = [row for row in rows if row[0] <= at]
        if not begun or not season.holds(at):
            continue
        _, last = max(begun, key=lambda row: row[0])
        until = _until(last)
        if until is None or at < until:
            yield last
