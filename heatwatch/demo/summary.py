"""What a demo run came to: counted from the real components, held against the injected truth."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from rich.console import Group
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from alerts.detectors import kinds
from alerts.messages.words import state_of
from analytics.law.calculators import reason
from domain.actor import Actor
from domain.language import Text, joined, msg
from heatwatch.demo.words import COLUMNS, ENDINGS, FACTS
from heatwatch.output import formats, grid, said
from heatwatch.wiring import World
from store.books.registry import Feed
from store.books.watch import Outbox


@dataclass(frozen=True, slots=True)
class Messages:
    """Live messages from the publisher's count to DuckDB's; imported history is apart."""

    published: int
    acknowledged_to_publisher: int
    published_readings: int
    refused_on_purpose: int  # bad messages the publisher sent to be refused
    acknowledged: int  # kept in the journal, less what the broker saw no PUBACK for
    refused: Mapping[str, int]  # and kept, by reason
    redelivered: int
    stored: int  # messages in the lake, counted by DuckDB in another process
    stored_readings: int
    stored_identities: int  # distinct (series, event time)
    lost: int
    doubled: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything `heatwatch demo --once` prints."""

    ok: bool
    messages: Messages
    history_readings: int
    households: Mapping[str, int]
    refunds: Mapping[str, Any]
    endings: Mapping[str, Mapping[str, Any]]
    alerts: Mapping[str, Mapping[str, Any]]
    sms: Mapping[str, Any]
    reports: list[str]
    mirror: Mapping[str, Any]
    restarts: int
    seconds: float
    problems: list[Text] = field(default_factory=list)


def stored_counts(world: World, live: bool) -> dict[str, int]:
    """DuckDB's count over the lake's own file list, in another process."""
    with Session(world.books) as session:
        feeds = list(session.scalars(select(Feed.id).where(Feed.live.is_(live))))
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "heatwatch.demo.lake_count",
            world.config.store.lake,
            *map(str, feeds),
        ],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    counts: dict[str, int] = json.loads(done.stdout)
    return counts


def messages(world: World, published: Mapping[str, int], unacknowledged: int) -> Messages:
    """Holds the publisher's, the journal's and the lake's counts against each other."""
    journal = world.journal.counts()
    stored = stored_counts(world, live=True)
    return Messages(
        published=published["messages"],
        acknowledged_to_publisher=published["acknowledged"],
        published_readings=published["readings"],
        refused_on_purpose=published["bad"],
        acknowledged=journal.messages - unacknowledged,
        refused=dict(journal.refused),
        redelivered=journal.redelivered,
        stored=stored["messages"],
        stored_readings=stored["readings"],
        stored_identities=stored["identities"],
        lost=max(published["readings"] - stored["identities"], 0),
        doubled=stored["readings"] - stored["identities"],
    )


def sms_counts(world: World) -> dict[str, Any]:
    """Messages of the outbox by state, with the channel that took them."""
    with Session(world.books) as session:
        rows = session.execute(select(Outbox.state, func.count()).group_by(Outbox.state))
        states = {row[0]: row[1] for row in rows}
    return {
        "channel": world.config.alerts.sms.channel,
        "handed_over": states.get("handed", 0),
        **states,
    }


def tables(summary: Summary) -> Group:
    """The summary for a terminal."""
    m = summary.messages
    flow = [
        (msg("published (counted by the publisher, without the bad ones)"), m.published, m.published_readings),
        (msg("acknowledged by ingest after keeping"), m.acknowledged, ""),
        (msg("stored in the lake (DuckDB, another process)"), m.stored, m.stored_readings),
        (msg("refused and kept, with reason"), sum(m.refused.values()), ""),
        (msg("lost"), "", m.lost),
        (msg("doubled"), "", m.doubled),
    ]  # fmt: skip
    value: list[Text | str] = ["", msg("value")]
    parts: list[Group] = [
        grid(msg("Live messages"), ["", msg("messages"), msg("readings")], flow),
        grid(msg("Households and refunds"), value, _facts(summary)),
        _mapping(msg("Outcomes against the truth"), msg("outcome"), ENDINGS, summary.endings),
        _mapping(
            msg("Alerts against the truth"),
            msg("kind"),
            {k.name: k.title for k in kinds().values()},
            _counted(summary.alerts),
        ),
        grid(msg("Everything else"), value, _rest(summary)),
    ]
    return Group(*parts)


def _rest(summary: Summary) -> list[tuple[Text, object]]:
    sms = [msg("channel {channel}", channel=summary.sms["channel"])]
    sms += [
        msg("{state} {n}", state=state_of(state), n=count)
        for state, count in summary.sms.items()
        if state not in {"channel", "handed_over"}
    ]
    mirror = summary.mirror.get("why_not") or msg(
        "{n} points", n=formats().number(summary.mirror["points"])
    )
    return [
        (msg("readings of history"), summary.history_readings),
        (msg("SMS"), joined(", ", sms)),
        (msg("files of reports"), len(summary.reports)),
        (msg("InfluxDB mirror"), mirror),
        (msg("restarts"), summary.restarts),
        (msg("seconds"), round(summary.seconds)),
        (msg("problems"), joined("; ", summary.problems) if summary.problems else msg("none")),
    ]


def _facts(summary: Summary) -> list[tuple[Text | str, object]]:
    refunds = {key: value for key, value in summary.refunds.items() if "sha256" not in key}
    reasons = refunds.pop("reasons", {})
    currency = refunds.pop("currency", "")
    refunds["total"] = formats().money(Decimal(refunds["total"]), currency)
    refunds["drafted_by"] = Actor.parse(refunds["drafted_by"]).shown()
    facts: dict[str, object] = {**summary.households, **refunds}
    return [
        *((FACTS.get(key, key), value) for key, value in facts.items()),
        *((f"· {said(reason(code).text)}", count) for code, count in reasons.items()),
    ]


def _counted(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Lists of places as their number; the names are in the JSON."""
    return {
        key: {
            name: len(value) if isinstance(value, list | tuple) else value
            for name, value in row.items()
        }
        for key, row in rows.items()
    }


def _mapping(
    title: Text, first: Text, names: Mapping[str, Text], rows: Mapping[str, Mapping[str, Any]]
) -> Group:
    columns = [COLUMNS.get(name, name) for name in next(iter(rows.values()), {})]
    found = [(names.get(key, key), *row.values()) for key, row in rows.items()]
    return grid(title, [first, *columns], found)
