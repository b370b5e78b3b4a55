"""What a demo run came to: counted from the real components, held against the injected truth."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rich.console import Group
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from heatwatch.output import grid
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
    refused: Mapping[str, int]  # kept in quarantine, by reason
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
    problems: list[str] = field(default_factory=list)


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
        ("published (publisher's count, without the bad ones)", m.published, m.published_readings),
        ("acknowledged by ingest after keeping", m.acknowledged, ""),
        ("stored in the lake (DuckDB, another process)", m.stored, m.stored_readings),
        ("refused and kept, with reason", sum(m.refused.values()), ""),
        ("lost", "", m.lost),
        ("doubled", "", m.doubled),
    ]
    parts: list[Group] = [grid("Live messages", ["", "messages", "readings"], flow)]
    parts.append(grid("Homes and refunds", ["", "value"], _facts(summary)))
    parts.append(_mapping("Endings against the truth", "ending", summary.endings))
    parts.append(_mapping("Alerts against the truth", "kind", _counted(summary.alerts)))
    rest = [
        ("history imported, readings", summary.history_readings),
        ("SMS", ", ".join(f"{k} {v}" for k, v in summary.sms.items())),
        ("reports", len(summary.reports)),
        ("InfluxDB mirror", ", ".join(f"{k} {v}" for k, v in summary.mirror.items() if v != "")),
        ("restarts", summary.restarts),
        ("seconds", f"{summary.seconds:.0f}"),
        ("problems", "; ".join(summary.problems) or "none"),
    ]
    parts.append(grid("The rest", ["", "value"], rest))
    return Group(*parts)


def _facts(summary: Summary) -> list[tuple[str, object]]:
    refunds = {key: value for key, value in summary.refunds.items() if "sha256" not in key}
    reasons = refunds.pop("reasons", {})
    facts: dict[str, object] = {**summary.households, **refunds}
    return [*facts.items(), *((f"· {reason}", count) for reason, count in reasons.items())]


#: Heads of the alert table, short enough for a terminal.
SHORT = {"delay_median_min": "median delay [min]", "delay_most_min": "longest [min]"}


def _counted(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Lists of places as their number; the names are in the JSON."""
    return {
        key: {
            SHORT.get(name, name): len(value) if isinstance(value, list | tuple) else value
            for name, value in row.items()
        }
        for key, row in rows.items()
    }


def _mapping(title: str, first: str, rows: Mapping[str, Mapping[str, Any]]) -> Group:
    columns = list(next(iter(rows.values()), {}))
    return grid(title, [first, *columns], [(key, *row.values()) for key, row in rows.items()])
