"""A town of eight homes with every kind of fact, two approved runs and an open draft, payments with the
bank's answers, payers by another name and payers who are others, and policies of its own, to try things on."""

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from sqlalchemy.orm import Session

from analytics.ledger.deciding import decide
from analytics.ledger.entries import approve
from domain.actor import By, user
from domain.errors import WrongCall
from domain.language import joined
from heatwatch.services.checking import check_all
from heatwatch.services.confirming import confirm_policy
from heatwatch.services.importing import import_files
from heatwatch.services.paying import RETURN_COLUMNS, export, import_returns
from heatwatch.services.settling import draft
from heatwatch.wiring import World, open_world
from store.journal.schema import READING
from store.registry.kinds import KIND_OF
from store.registry.seasons import season_of

SEASON, POLICY, TEMPLATE = "2024-25", "CN-HA-2018-small-town", "CN-TJ-2010"
OTHER = "CN-SD-LINYI-2017-small-town"  # of no season
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2025, 5, 1, tzinfo=UTC)
OLD = "2024-01-01T00:00:00Z"
BY = By(user("Li"), NOW, "a town to try things on")
HOMES = 8
ANSWERS = (("paid", ""), ("rejected", "account closed"))
STEP_US = 1800 * 1_000_000
CONFIG = """[city]
name = "Small town"
company = "co"
[store]
journal = "var/journal.sqlite"
lake = "var/lake"
books = "var/books.sqlite"
[law]
policies = "policies"
[broker]
[[ingest.feeds]]
name = "rooms"
topic = "heatwatch/v1/{device}"
format = "native"
clock = "meter"
[alerts]
[reports]
[console]
"""


class Built(NamedTuple):
    """Where it is, and the heads that its approvals and payments printed."""

    config: Path
    heads: tuple[str, ...]


def build(folder: Path) -> Built:
    """Makes the town in an empty folder: configuration, policy, books, lake and journal."""
    config = folder / "heatwatch.toml"
    config.write_text(CONFIG, encoding="utf-8")
    (folder / "policies").mkdir()
    _own_policy(folder / "policies/small-town.toml", "CN-HA-2018", POLICY)
    _own_policy(folder / "policies/no-season.toml", "CN-SD-LINYI-2017", OTHER)
    world = open_world(config)
    _registry(world, folder / "registry")
    confirm_policy(world, "co", POLICY, "gazette 1", NOW.date(), BY)
    for month in range(2):
        world.readings.import_table(_readings(month), NOW)
    heads = [_approved(world), *_paid(world, folder)]
    _late(world, folder / "late")
    _decided(world, folder / "decided")  # an approval seals what was recorded before it
    heads += [_approved(world), *_paid_otherwise(world, folder)]
    _not_approved(world, folder / "not_approved")
    draft(world, SEASON, user("Wu"))
    for _ in range(3):
        world.journal.append(_readings(2).to_batches()[0], messages=1, now=NOW)
    world.books.dispose()
    world.journal.close()  # its last pages are in its own file, where damage to it shows
    return Built(config, tuple(heads))


def _own_policy(path: Path, shipped: str, id_: str) -> None:
    """A shipped policy's text under an id of its own."""
    text = (files("analytics.law") / "policies" / f"{shipped}.toml").read_text(encoding="utf-8")
    path.write_text(text.replace(f'id = "{shipped}"', f'id = "{id_}"', 1), encoding="utf-8")


def _late(world: World, folder: Path) -> None:
    """What is recorded after payments: a measurement, a payer's name put right, a sale amid the cold."""
    now = world.now()  # its runs are drafted by the clock
    _bring(
        world, folder, By(BY.actor, now, BY.reason),
        measurements=[{"room": "H4-bed", "at": _at(12, 9), "celsius": "12.5", "signed_by": "Li; Wu"}],
        objections=[
            {"household": "H1", "at": now.isoformat(), "run": "1", "text": "it was colder"}
        ],
        requests=[{"household": "H1", "at": _at(12, 6)}],
        fee_spans=[
            {"household": "H4", "since": OLD, "state": "charged", "payer": "Chen"},
            {"household": "H1", "since": _at(12), "state": "sold", "payer": "Zhao"},
        ],
    )  # fmt: skip


def _decided(world: World, folder: Path) -> None:
    """What an administrator records later: an outage's share, a name put right, a template confirmed."""
    _bring(
        world, folder, By(BY.actor, world.now(), BY.reason),
        outage_decisions=[
            {"place": "B1", "since": _at(20), "until": _at(20, 18), "share": "0.5",
             "basis": "agreement", "document": "letter 4", "clause": "art. 28"},
        ],
        devices=[{"code": "d-H8", "model": "TH-2", "verified": "true"}],
    )  # fmt: skip
    confirm_policy(world, "co", TEMPLATE, "gazette 3", NOW.date(), BY)


def _not_approved(world: World, folder: Path) -> None:
    """What no approval has seen yet: new facts, corrected ones, and changes of the registry."""
    _bring(
        world, folder, By(BY.actor, world.now(), BY.reason),
        places=[
            {"code": "H7", "kind": "household", "parent": "B1", "name": "1-7 east", "since": OLD}
        ],
        devices=[{"code": "d-H7", "model": "TH-3", "verified": "true"}],
        measurements=[
            {"room": "H2-bed", "at": _at(12, 9), "celsius": "15.1", "signed_by": "Li; Wu"},
            {"room": "H1-bed", "at": _at(11, 9), "celsius": "14.5", "signed_by": "Li; Wu"},
        ],
        requests=[{"household": "H7", "at": _at(10, 6)}],
        objections=[
            {"household": "H2", "at": world.now().isoformat(), "run": "2", "text": "it was colder"}
        ],
        user_faults=[
            {"household": "H6", "since": _at(14), "until": _at(15), "clause": "art. 35",
             "evidence": "window"},
        ],
    )  # fmt: skip


def _paid_otherwise(world: World, folder: Path) -> list[str]:
    """Batches behind the correction: one name is the same person's, another is decided not to be -> heads."""
    renamed = export(world, SEASON, folder / "payments", BY, {}).batch
    other = decide(world.books, SEASON, "H1", "Zhao", None, BY, same=False)
    return [renamed.head, other.head, export(world, SEASON, folder / "payments", BY, {}).batch.head]


def _approved(world: World) -> str:
    made = draft(world, SEASON, user("Wu"))
    return approve(world.books, made.run, BY, folder=world.policies).head


def _paid(world: World, folder: Path) -> list[str]:
    """A batch of payments, of which the bank paid the first and sent the second back -> heads."""
    batch = export(world, SEASON, folder / "payments", BY, {}).batch
    answers = folder / "answers.csv"
    with answers.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(RETURN_COLUMNS)
        for each, (status, reason) in zip(batch.payments, ANSWERS, strict=False):
            day = NOW.date().isoformat()
            writer.writerow([each.reference, status, each.amount, each.currency, day, reason])
    with Session(world.books) as session:
        company = season_of(session, SEASON).company_id
    return [batch.head, import_returns(world, company, "co", answers, BY, None).head]


def _at(day: int, hour: int = 0) -> str:
    return datetime(2025, 1, day, hour, tzinfo=ZONE).isoformat()


Rows = Sequence[Mapping[str, str]]


def _bring(world: World, folder: Path, by: By = BY, **rows: Rows) -> None:
    """Imports rows as files of the registry."""
    folder.mkdir()
    for name, given in rows.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, KIND_OF[name].names)
            writer.writeheader()
            writer.writerows(given)
    report = import_files(world, [folder], by=by, strict=True)
    if not report.clean:
        raise WrongCall(joined("\n", [each.text() for each in report.refused]))


def _registry(world: World, folder: Path) -> None:
    old = OLD
    homes = [f"H{i}" for i in range(1, HOMES + 1)]

    def place(code: str, kind: str, parent: str = "", **more: str) -> dict[str, str]:
        return {"code": code, "kind": kind, "parent": parent, "name": code, "since": old, **more}

    places = [
        place("co", "company"), place("S1", "source", "co"), place("S1-01", "station", "S1"),
        place("B1", "building", "S1-01"),
        *(place(home, "household", "B1", name=f"1-{home}") for home in homes),
        *(place(f"{home}-bed", "room", home, room_use="bedroom") for home in homes),
    ]  # fmt: skip
    sensor = {"channel": "t", "role": "room_temperature", "interval_s": "1800", "since": old}
    fee = {"season": SEASON, "tariff": "home", "season_fee": "2420.00", "currency": "CNY"}
    season = {
        "code": SEASON, "company": "co", "policy": POLICY, "zone": "Asia/Shanghai",
        "since": "2024-11-15T00:00+08:00", "until": "2025-03-16T00:00+08:00",
        "design_outdoor": "-5.8",
    }  # fmt: skip
    _bring(
        world, folder,
        places=places,
        devices=[{"code": f"d-{home}", "verified": "true"} for home in homes],
        certificates=[{"device": f"d-{home}", "since": old, "document": "A-1"} for home in homes],
        series=[{"device": f"d-{home}", "place": f"{home}-bed", **sensor} for home in homes],
        seasons=[season],
        tariffs=[{"code": "home", "price": "22", "currency": "CNY"}],
        contracts=[
            {"household": home, **fee, "standing_consent": str(home == "H3").lower()}
            for home in homes
        ],
        corner_rooms=[{"room": "H4-bed", "since": old, "document": "plan 3"}],
        contract_terms=[{"household": "H4", "season": SEASON, "agreed": "19"}],
        requests=[{"household": home, "at": _at(10, 6)} for home in homes[:6] if home != "H3"],
        measurements=[{"room": "H1-bed", "at": _at(11, 9), "celsius": "13.5", "signed_by": "Li; Wu"}],
        outages=[{"place": "B1", "since": _at(20), "until": _at(20, 18)}],
        user_faults=[
            {"household": "H5", "since": _at(12), "until": _at(13), "clause": "art. 35",
             "evidence": "window"},
        ],
        refusals=[{"household": "H6", "at": _at(13, 9), "evidence": "nobody opened"}],
        fee_spans=[
            {"household": home, "since": old, "state": "charged", "payer": payer}
            for home, payer in (("H2", "Wang"), ("H4", "Cheng"))
        ],
        decisions=[
            {"place": "H6", "since": _at(10), "until": _at(11), "outcome": "compliant",
             "basis": "agreement", "document": "letter 3", "clause": "art. 27"},
        ],
    )  # fmt: skip


def _readings(part: int) -> pa.Table:
    """Readings of every home; cold, but not alike, from the 10th to the 15th of January."""
    begin = datetime(2025, 1, 8, tzinfo=ZONE) + timedelta(days=5 * part)
    since, until = (int((begin + timedelta(days=d)).timestamp()) * 1_000_000 for d in (0, 5))
    at = np.arange(since, until, STEP_US, dtype=np.int64)
    cold = [int(datetime(2025, 1, day, tzinfo=ZONE).timestamp()) * 1_000_000 for day in (10, 15)]
    inside = (at >= cold[0]) & (at < cold[1])
    wave = (np.arange(at.size) % 7) * 50  # a value that never moves is taken for a broken sensor
    value = [np.where(inside, 12_000 + 700 * i, 20_000) + wave for i in range(1, HOMES + 1)]
    rows = at.size * HOMES
    return pa.table(
        {
            "series": np.repeat(np.arange(1, HOMES + 1, dtype=np.int32), at.size),
            "at": pa.array(np.tile(at, HOMES), pa.timestamp("us", tz="UTC")),
            "value": np.concatenate(value).astype(np.int64),
            **{name: [0] * rows for name in ("quality", "time_kind", "revision", "part")},
            "feed": [1] * rows,
            "message": pa.nulls(rows, pa.int64()),
        },
        schema=READING,
    )


def checked(built: Built) -> Callable[[Path], list[tuple[str, str]]]:
    """What `settle verify --all` with the town's heads names, of a copy with this configuration."""

    def check(config: Path) -> list[tuple[str, str]]:
        world = open_world(config)
        try:
            found = check_all(world, built.heads)
            return [(each.damage.value, str(each.why)) for each in found]
        finally:
            if "books" in vars(world):
                world.books.dispose()

    return check
