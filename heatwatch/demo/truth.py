"""Works out a demo's summary: settles, reports, and compares with the injected truth."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import false, select
from sqlalchemy.orm import Session

from alerts.detectors.names import title_of
from alerts.episodes.views import episodes
from analytics.heat.comfort import comfort
from analytics.law.policy import load
from domain.actor import By, program
from domain.language import Text, msg, plural
from domain.quantity import Quantity
from domain.time import Span, local_day
from heatwatch.demo.influx import WHY_NOT
from heatwatch.demo.summary import Messages, Summary, messages, sms_counts, stored_counts
from heatwatch.demo.words import ending_words
from heatwatch.demo.world import Prepared, command
from heatwatch.evaluate.alerts import evaluate, injected_of, wait_times
from heatwatch.selection import company_of
from heatwatch.services.alert_settings import AlertSettings
from heatwatch.services.reporting import Order, write_report
from heatwatch.wiring import World
from store.books.ledger import WHAT_IF, SettlementResult, SettlementRun
from store.books.registry import Place, Season
from store.books.run_rows import rows_of
from store.registry.series import covered_rooms

#: So many places of missed or false alerts are named in a problem; the rest is counted.
NAMED = 5


@dataclass(frozen=True, slots=True)
class Ended:
    """What only the running parts could tell."""

    restarts: int  # of workers that fell
    unacknowledged: int  # messages the broker has seen no PUBACK for
    began: float  # monotonic clock at the start [s]


def summarise(world: World, prepared: Prepared, ended: Ended) -> Summary:
    """Everything the run came to."""
    truth = prepared.truth
    season = _season(world, prepared.world.season)
    now = world.now()
    settled = command(["settle", "draft", "--season", season.code], prepared.config)
    reports = file_reports(world, truth, ZoneInfo(season.zone), now)
    flow = messages(world, prepared.published(), ended.unacknowledged)
    endings = compare_endings(world, truth["households"])
    found = alert_scores(world, truth, prepared.world.live_until)
    problems = find_problems(flow, endings) + alert_problems(found)
    return Summary(
        ok=not problems,
        messages=flow,
        history_readings=stored_counts(world, live=False)["readings"],
        households=deficits(world, season, now),
        refunds=settled,
        endings=endings,
        alerts=found,
        sms=sms_counts(world),
        reports=[str(path) for path in reports],
        mirror=mirror_state(world),
        restarts=ended.restarts,
        seconds=round(time.monotonic() - ended.began, 1),
        problems=problems,
    )


def file_reports(world: World, truth: dict[str, Any], zone: ZoneInfo, now: datetime) -> list[Path]:
    """Yesterday's report, and that of the day on which the history's station stood still."""
    days = {local_day(now, zone) - timedelta(days=1)}
    for fault in truth["faults"]:
        if fault["kind"] == "station_outage" and not fault["live"]:
            days.add(local_day(datetime.fromisoformat(fault["since"]), zone))
    folder = world.config.reports.folder
    company, made = company_of(world.config), By(program("demo"), now)
    return [
        path
        for day in sorted(days)
        for path in write_report(world, Order("daily", company, day), folder, made)
    ]


def _season(world: World, code: str) -> Season:
    with Session(world.books) as session:
        return session.scalars(select(Season).where(Season.code == code)).one()


def deficits(world: World, season: Season, now: datetime) -> dict[str, int]:
    """Households measured, and those with a degree-hour deficit below the standard this season."""
    span = Span(season.since, min(season.until, now))
    rooms = covered_rooms(world.books, span=span)
    series, row = np.unique(rooms.series, return_index=True)
    standard = Quantity.TEMPERATURE.to_ticks(load(season.policy).policy.standard.temp)
    cold = np.zeros(series.size, dtype=np.bool_)
    columns = world.readings.columns(series, span)
    table = comfort(columns, rooms.interval_s[row].astype(np.int64), standard, span).whole()
    cold = table.deficit[:, 0] > 0
    homes = rooms.household[row]
    return {
        "measured": int(np.unique(homes).size),
        "with_deficit": int(np.unique(homes[cold]).size),
    }


def compare_endings(world: World, expected: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """By planned ending: households, sums and undetermined flags as planned and as settled."""
    rows: dict[str, dict[str, Any]] = defaultdict(
        lambda: {
            "households": 0,
            "planned": Decimal("0.00"),
            "settled": Decimal("0.00"),
            "undetermined": 0,
            "as_planned": 0,
        }
    )
    for code, (total, undetermined) in newest_results(world).items():
        told = expected[code]
        row = rows[told["ending"]]
        row["households"] += 1
        row["planned"] += Decimal(told["refund"])
        row["settled"] += total
        row["undetermined"] += undetermined
        same = total == Decimal(told["refund"]) and undetermined == told["undetermined"]
        row["as_planned"] += same
    return dict(sorted(rows.items()))


def newest_results(world: World) -> dict[str, tuple[Decimal, bool]]:
    """Household code -> total and undetermined flag of the newest draft."""
    with Session(world.books) as session:
        runs = select(SettlementRun.id).where(SettlementRun.state != WHAT_IF)
        run = session.scalars(runs.order_by(SettlementRun.id.desc())).first()
        chosen = (
            select(Place.code, SettlementResult.total, SettlementResult.undetermined)
            .join(Place, Place.id == SettlementResult.household_id)
            .where(rows_of(session, run) if run else false())
        )
        return {code: (total, bool(flag)) for code, total, flag in session.execute(chosen)}


def alert_scores(world: World, truth: dict[str, Any], until: datetime) -> dict[str, dict[str, Any]]:
    """Per kind of alert: injected, detected, false, and how long it took.

    The city falls silent at `until`, where its plan ends: what is said of later is not judged.
    """
    with Session(world.books) as session:
        found = [each for each in episodes(session) if each.opened_at <= until]
    lasting = wait_times(AlertSettings(world)(world.now()).general)
    scores = evaluate(found, injected_of(truth), parents(world), until, lasting)
    return {str(kind): asdict(score) for kind, score in scores.items()}


def alert_problems(scores: Mapping[str, Mapping[str, Any]]) -> list[Text]:
    """Injected faults that no alert reported, and alerts with nothing behind them, with places."""
    problems = []
    for kind, score in scores.items():
        if places := score["missed"]:
            problems.append(
                plural("{n} fault not reported ({kind}): {places}", "{n} faults not reported ({kind}): {places}",
                    n=len(places), kind=title_of(kind), places=_named(places))
            )  # fmt: skip
        if places := score["false"]:
            problems.append(
                plural("{n} alert without a fault ({kind}): {places}", "{n} alerts without a fault ({kind}): {places}",
                    n=len(places), kind=title_of(kind), places=_named(places))
            )  # fmt: skip
    return problems


def _named(places: Sequence[str]) -> str:
    return ", ".join(places[:NAMED]) + (", ..." if len(places) > NAMED else "")


def parents(world: World) -> dict[str, str | None]:
    """Place code -> its parent's."""
    with Session(world.books) as session:
        rows = list(session.execute(select(Place.id, Place.code, Place.parent_id)))
    code = {row.id: row.code for row in rows}
    return {row.code: code.get(row.parent_id) for row in rows}


def mirror_state(world: World) -> dict[str, Any]:
    """Points in InfluxDB, or the line why there are none."""
    if world.config.store.influx is None:
        return {"points": 0, "why_not": WHY_NOT}
    from store.influx.mirror import mirror_status

    return asdict(mirror_status(world.books, world.config.store.influx))


def find_problems(flow: Messages, endings: dict[str, dict[str, Any]]) -> list[Text]:
    """What does not hold; empty when everything does."""
    sent = flow.published + flow.refused_on_purpose
    refused = sum(flow.refused.values())
    checks = [
        (flow.acknowledged == sent, msg("{sent} messages published, {n} acknowledged", sent=sent, n=flow.acknowledged)),
        (flow.lost == 0, plural("{n} reading lost", "{n} readings lost", n=flow.lost)),
        (flow.doubled == 0, plural("{n} reading doubled", "{n} readings doubled", n=flow.doubled)),
        (flow.published == flow.stored, msg("{sent} messages published, {n} stored", sent=flow.published, n=flow.stored)),
        (flow.published_readings == flow.stored_readings, msg("{sent} readings published, {n} stored", sent=flow.published_readings, n=flow.stored_readings)),
        (refused == flow.refused_on_purpose, msg("{n} refused, {meant} meant to be", n=refused, meant=flow.refused_on_purpose)),
    ]  # fmt: skip
    for ending, row in endings.items():
        wrong = row["households"] - row["as_planned"]
        text = plural(
            "{n} household not as planned: {ending}",
            "{n} households not as planned: {ending}",
            n=wrong,
            ending=ending_words(ending),
        )
        checks.append((wrong == 0, text))
    return [text for holds, text in checks if not holds]
