"""Letters of one household, made from facts as a file has them."""

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from analytics.facts.facts_file import from_facts
from analytics.law.policy import load
from analytics.ledger.changed_facts import FactChange
from analytics.ledger.drafts import Drafted, Kept, told
from analytics.settlement.settle import settle
from domain.actor import user
from reports.letters.letter import (
    Asked,
    Certificate,
    Facts,
    Fault,
    Letter,
    Measured,
    Outage,
    Refused,
    Room,
    Sensor,
)
from reports.letters.make import NONE, Before, Beside, Case, letter
from reports.report import Name
from tests.analytics.facts import SEASONS, facts, rows

ZONE = ZoneInfo("Asia/Shanghai")
HENAN, LINYI, QINGDAO, ORDOS = (
    "CN-HA-2018", "CN-SD-LINYI-2017", "CN-SD-QINGDAO-2017", "CN-NM-ORDOS",
)  # fmt: skip
COLD = rows(
    ("2025-01-09T00:00", "2025-01-10T00:00", "20.000"),
    ("2025-01-10T00:00", "2025-01-12T00:00", "17.000"),
    ("2025-01-12T00:00", "2025-01-13T12:00", "13.500"),
    ("2025-01-13T12:00", "2025-01-15T00:00", "20.000"),
)
SILENT = rows(
    ("2025-01-09T00:00", "2025-01-10T00:00", "20.000"),
    ("2025-01-10T00:00", "2025-01-12T00:00", "17.000"),
)


def at(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZONE)


def people(*rooms: str, **other: Any) -> Facts:
    """What books say of the household; rooms by their codes."""
    own: dict[str, Any] = {
        "company": Name("东城热力", "East Heat"),
        "company_address": "热力路1号",
        "household": "S1-03-B2-0104",
        "name": Name("", ""),
        "address": "花园路88号",
        "rooms": tuple(Room(code, Name("", ""), "bedroom") for code in rooms),
    }
    return Facts(**(own | other))


def case(
    policy: str = HENAN,
    rooms: dict[str, list[list[str]]] | None = None,
    *,
    known: Facts | None = None,
    state: str = "approved",
    before: tuple[int, Kept] | None = None,
    facts_since: Sequence[FactChange] = (),
    **other: Any,
) -> Case:
    """A household's case under a policy; `state` "": computed for the letter, in no run."""
    rooms = {"bed": COLD} if rooms is None else rooms
    law = load(policy)
    form = policy if policy in SEASONS else HENAN
    given = facts(form, rooms, **other) | {"policy": policy}
    own = from_facts(given, policy, law.policy.currency)
    run = settle(own.snapshot, lambda _: own.columns, law, flush=7)
    result = told(run.results[0])
    steps = json.loads(json.dumps(result.steps))  # as the books keep them
    kept = Kept(
        result.household, result.total, result.undetermined, result.reason, steps, result.lines
    )
    approved = state == "approved"
    drafted = Drafted(
        3, "2024-25", policy, state, at("2025-03-20T09:30"), 7, 1, kept.total, own.snapshot.currency[0],
        0, law.sha256, own.snapshot.sha256(), "ab" * 32, user("Li Wei"),
        user("Wang Fang") if approved else None, at("2025-03-24T10:00") if approved else None, "",
    )  # fmt: skip
    return Case(
        kept, law, own.snapshot, own.columns, known or people(*rooms), drafted if state else None,
        at("2025-03-25T08:00"), NONE if before is None else Beside(Before(*before, facts_since, 7)), state == "what_if",
    )  # fmt: skip


def made(*arguments: Any, **other: Any) -> Letter:
    return letter(case(*arguments, **other))


def full(policy: str = HENAN, **other: Any) -> Letter:
    """A letter with every kind of fact."""
    known = people(
        "bed",
        requests=(Asked(at("2025-01-10T06:00"), "张三"),),
        measured=(
            Measured("bed", at("2025-01-12T10:00"), Decimal("13.9"), "张三; 李四", 2),
            Measured("bed", at("2025-01-13T10:00"), Decimal("15.5"), "张三", 1),
        ),
        outages=(
            Outage(
                "S1-03", Name("三号站", "Station 3"), at("2025-01-11T00:00"), at("2025-01-11T12:00"),
                True, False, "dispatch 14",
            ),
        ),
        faults=(
            Fault(at("2025-02-01T00:00"), at("2025-02-03T00:00"), "art. 35", "radiator removed"),
        ),
        refused=(Refused(at("2025-02-10T09:00"), ""),),
        sensors=(
            Sensor(
                "bed", "DT-1", "T2", at("2023-10-01T00:00"), None, 900, True,
                (Certificate(at("2024-06-01T00:00"), at("2026-06-01T00:00"), "JL-331"),),
            ),
        ),
    )  # fmt: skip
    given: dict[str, Any] = {
        "requests": ["2025-01-10T06:00"],
        "outages": [["2025-01-11T00:00", "2025-01-11T12:00"]],
        "acts": [["2025-01-12T10:00", "bed", "13.9"]],
        "user_faults": [["2025-02-01T00:00", "2025-02-03T00:00"]],
    }
    return made(policy, known=known, **(given | other))
