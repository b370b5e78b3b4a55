"""What money does when a fact is corrected or withdrawn, and that runs before are named."""

import csv
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from analytics.law.policy import load
from analytics.ledger import frozen_inputs as inputs
from analytics.ledger.ended_facts import added_facts, asked_until_of, ended_facts
from analytics.ledger.verify import verify
from domain.actor import By, user
from heatwatch.cli.app import run
from heatwatch.services.settling import draft
from heatwatch.wiring import World
from store.books.changes import ChangeRecord
from store.books.facts import ContractTerms
from store.books.ledger import SettlementRun
from store.books.registry import Place, Season
from store.evidence.versions import State
from store.evidence.withdraw import Withdrawal, withdraw
from store.registry.places import tree
from tests.actors import changing, drafted_so
from tests.analytics.books import SEASON
from tests.heatwatch.towns import answer, town
from tests.tiny import MIDNIGHT
from tests.two_companies import FIRST, SECOND, SECOND_SEASON, both

SIGNED = '"Li Wei; Wu Hao"'
WHY = ("--by", "Li Wei", "--reason", "of the neighbour")
Says = Callable[..., dict[str, Any]]


@pytest.fixture
def city(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[tuple[World, Says]]:
    config, world = town(tmp_path)
    yield world, lambda *arguments: answer(config, capsys, *arguments)
    world.books.dispose()


def drafted(says: Says) -> Decimal:
    return Decimal(says("settle", "draft", "--season", SEASON)["total"])


def measured(says: Says, folder: Path, celsius: str, *how: str) -> None:
    path = folder / "measurements.csv"
    row = f"H1-bed,2025-01-12T18:00,{celsius},{SIGNED}\n"
    path.write_text(f"room,at,celsius,signed_by\n{row}", encoding="utf-8")
    says("registry", "import", str(path), *how)


def test_a_measurement_corrected_from_13_to_17_9_changes_the_sum_and_shows_that_it_was_13(
    city: tuple[World, Says], tmp_path: Path
) -> None:
    _, says = city
    measured(says, tmp_path, "13.0")
    cold = drafted(says)
    measured(says, tmp_path, "17.9", *WHY)
    assert drafted(says) < cold
    record = says("evidence", "history", "H1-bed", "--kind", "measurements")
    assert [each["values"]["celsius"] for each in record] == ["13.0", "17.9"]  # type: ignore[index]


def test_a_withdrawn_request_is_not_paid_and_the_approved_run_that_paid_it_is_named(
    city: tuple[World, Says], capsys: pytest.CaptureFixture[str]
) -> None:
    world, says = city
    paid = drafted(says)
    says("settle", "approve", "--season", SEASON, "--by", "Wu")
    assert ended_facts(world.books) == []
    says("evidence", "withdraw", "requests", "H1", "2025-01-10T06:00", *WHY)
    assert drafted(says) < paid
    (fact,) = ended_facts(world.books)
    assert (fact.run, fact.kind, fact.state) == (1, "requests", State.WITHDRAWN)
    told = says("settle", "verify")
    assert told["holds"] is True
    assert [(each["run"], each["key"]) for each in told["ended_facts"]] == [
        (1, "H1 / 2025-01-09T22:00:00Z")
    ]
    line = ("settle", "verify", "--run", "1", "--lang", "en", "--config", str(world.path))
    capsys.readouterr()
    assert run([*line]) == 0
    said = capsys.readouterr().err
    assert "took a fact that was withdrawn after it: requests H1 / 2025-01-10 06:00" in said
    assert "of the neighbour" in said


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("refusals", "H1,2025-01-11T18:00,letter"),
        ("user_faults", "H1,2025-01-11T00:00,2025-01-14T00:00,art. 35,window"),
        ("measurements", f"H1-bed,2025-01-12T18:00,13.0,{SIGNED}"),
        ("outages", "S1-01,2025-01-11T00:00,2025-01-13T00:00,,,log,,,"),
    ],
)
def test_settlement_follows_a_withdrawal_to_what_it_was_before_the_fact(
    city: tuple[World, Says], tmp_path: Path, kind: str, row: str
) -> None:
    from store.registry.kinds import KIND_OF

    _, says = city
    before = drafted(says)
    path = tmp_path / f"{kind}.csv"
    path.write_text(",".join(KIND_OF[kind].names) + f"\n{row}\n", encoding="utf-8")
    says("registry", "import", str(path))
    with_it = drafted(says)
    code, at = row.split(",")[:2]
    says("evidence", "withdraw", kind, code, at, *WHY)
    assert drafted(says) == before
    assert with_it != before or kind == "refusals"  # Henan: a refusal changes nothing


def test_a_fact_that_came_after_the_draft_is_named_by_the_review_and_the_approval(
    city: tuple[World, Says], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world, says = city
    drafted(says)
    assert says("settle", "review", "--season", SEASON)["added_facts"] == []
    measured(says, tmp_path, "13.0")
    (new,) = says("settle", "review", "--season", SEASON)["added_facts"]
    assert (new["kind"], new["about"]) == ("measurements", "H1-bed")
    where = ("--season", SEASON, "--lang", "en", "--config", str(world.path))
    assert run(["settle", "review", *where]) == 0
    assert "Facts recorded since the run was drafted" in capsys.readouterr().out
    assert run(["settle", "approve", *where, "--by", "Wu"]) == 0
    said = " ".join(capsys.readouterr().err.split())
    assert "1 fact was recorded after run 1 was drafted, measurements of H1-bed" in said


def test_a_fact_of_another_season_is_not_named(city: tuple[World, Says], tmp_path: Path) -> None:
    world, says = city
    path = tmp_path / "requests.csv"
    path.write_text("household,at,by\nH1,2024-03-01T06:00,app\n", encoding="utf-8")
    says("registry", "import", str(path))
    drafted(says)
    says("settle", "approve", "--season", SEASON, "--by", "Wu")
    says("evidence", "withdraw", "requests", "H1", "2024-03-01T06:00", *WHY)
    assert ended_facts(world.books) == []


def test_a_draft_whose_request_was_withdrawn_since_shows_it_and_is_approved_only_with_a_reason(
    city: tuple[World, Says], capsys: pytest.CaptureFixture[str]
) -> None:
    world, says = city
    drafted(says)
    says("evidence", "withdraw", "requests", "H1", "2025-01-10T06:00", *WHY)
    (shown,) = says("settle", "review", "--season", SEASON)["ended_facts"]
    assert (shown["kind"], shown["state"], shown["reason"]) == (
        "requests", "withdrawn", "of the neighbour",
    )  # fmt: skip
    approve = ("settle", "approve", "--season", SEASON, "--by", "Wu", "--config", str(world.path))
    capsys.readouterr()
    assert run([*approve, "--lang", "en"]) == 2
    refused = "requests H1 / 2025-01-10 06:00 was withdrawn by Li Wei; allowed: a new draft"
    assert refused in capsys.readouterr().err
    assert run([*approve, "--reason", " \u200b.", "--lang", "en"]) == 2  # says nothing
    assert refused in capsys.readouterr().err
    assert run([*approve, "--reason", "claimed back by letter", "--lang", "en"]) == 0
    assert "took a fact that was withdrawn after it: requests H1" in capsys.readouterr().err


def test_a_draft_of_a_season_that_was_changed_since_is_approved_only_with_a_reason(
    city: tuple[World, Says], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world, says = city
    drafted(says)
    assert ended_facts(world.books, 1) == []
    says("registry", "export", str(tmp_path / "kept"))
    path, out = tmp_path / "kept" / "seasons.csv", tmp_path / "seasons.csv"
    text = path.read_text(encoding="utf-8")
    out.write_text(text.replace("2025-03-1", "2025-02-1"), encoding="utf-8")
    says("registry", "import", str(out), *WHY)
    assert [(each.kind, each.key) for each in ended_facts(world.books, 1)] == [("seasons", SEASON)]
    capsys.readouterr()
    approve = ("settle", "approve", "--season", SEASON, "--by", "Wu", "--config", str(world.path))
    assert run([*approve, "--lang", "en"]) == 2
    assert f"seasons {SEASON} was corrected by Li Wei; allowed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("kind", "column", "value"), [("places", "area_m2", "15.00"), ("devices", "verified", "false")]
)
def test_what_sums_go_by_of_places_and_devices_is_named_where_it_was_changed_since(
    city: tuple[World, Says], tmp_path: Path, kind: str, column: str, value: str
) -> None:
    world, says = city
    drafted(says)
    says("registry", "export", str(tmp_path / "kept"))
    with (tmp_path / "kept" / f"{kind}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [*csv.DictReader(file)]
    changed = next(row for row in rows if kind == "devices" or row["kind"] == "household")
    out = tmp_path / f"{kind}.csv"
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*changed])
        writer.writeheader()
        writer.writerow(changed | {column: value})
    says("registry", "import", str(out), *WHY)
    found = ended_facts(world.books, 1)
    assert [(each.kind, each.key) for each in found] == [(kind, changed["code"])]


def test_what_changed_after_a_draft_is_seen_also_where_the_drafts_clock_was_ahead(
    city: tuple[World, Says], tmp_path: Path
) -> None:
    world, says = city
    drafted(says)
    with Session(world.books) as session, session.begin():  # a day ahead
        run = session.scalars(select(SettlementRun)).one()
        run.made_at += timedelta(days=1)
        drafted_so(session)
    measured(says, tmp_path, "13.0")
    says("evidence", "withdraw", "requests", "H1", "2025-01-10T06:00", *WHY)
    says("evidence", "withdraw", "series", "d3", "t", "2024-01-01T08:00", *WHY)
    assert [(each.kind, each.about) for each in added_facts(world.books, 1)] == [
        ("measurements", "H1-bed")
    ]
    assert [each.kind for each in ended_facts(world.books, 1)] == ["requests", "series"]
    says("settle", "approve", "--season", SEASON, "--by", "Wu", "--reason", "claimed back")
    with Session(world.books) as session:
        session.get_one(SettlementRun, 1).last_change = None
        session.commit()
    assert verify(world.books) is not None, "an approval covers up to which change its run saw"


def test_requests_count_up_to_the_limit_of_a_claim_where_the_act_has_one(
    city: tuple[World, Says],
) -> None:
    world, says = city
    drafted(says)
    claiming = load("CN-LN-2016-121")
    with Session(world.books) as session, session.begin():
        inputs.keep(session, inputs.POLICY, claiming.sha256, claiming.raw)
    with Session(world.books) as session:
        season, own = session.get_one(Season, 1), session.get_one(SettlementRun, 1)
        assert asked_until_of(world.books, own, season) == season.until
        own.policy_sha256 = claiming.sha256
        assert timedelta(days=27) < asked_until_of(world.books, own, season) - season.until


def terms(says: Says, folder: Path, row: str, *how: str) -> None:
    path = folder / "contract_terms.csv"
    head = "household,season,agreed,since,season_fee,basic_fee,bands,document"
    path.write_text(f"{head}\n{row},,,\n", encoding="utf-8")
    says("registry", "import", str(path), *how)


@pytest.mark.parametrize(
    ("first", "fee", "key"),
    [
        ("H1,2024-25,20,,", "1800.00", "contract_terms H1 / 2024-25"),
        (
            "H1,2024-25,20,2025-01-01T00:00,",
            "",
            "contract_terms H1 / 2024-25 / 2024-12-31T16:00:00Z",
        ),
        ("", "1800.00", "contracts H1 / 2024-25"),  # the fee of the contract
        ("", "", ""),  # the contract said nothing else
    ],
)
def test_terms_of_which_others_take_days_since_are_named(
    city: tuple[World, Says], tmp_path: Path, first: str, fee: str, key: str
) -> None:
    world, says = city
    if first:
        terms(says, tmp_path, first)
    drafted(says)
    terms(says, tmp_path, f"H1,2024-25,19,2025-02-01T00:00,{fee}", *WHY)
    found = ended_facts(world.books, 1)
    assert [f"{each.kind} {each.key}" for each in found] == [key] * bool(key)
    assert [each.reason for each in found] == ["of the neighbour"] * bool(key)


def test_terms_of_another_season_are_none_of_a_run(city: tuple[World, Says]) -> None:
    """Also where they have no end, so that by their time alone they would go on for good."""
    world, says = city
    with changing(world.books) as session:
        one = session.get_one(Season, 1)
        years = {name: getattr(one, name) - timedelta(days=365) for name in ("since", "until")}
        own = {name: getattr(one, name) for name in ("company_id", "policy", "zone")}
        session.add(Season(id=2, code="2023-24", **years, **own))
        session.flush()
        home = session.scalars(select(Place.id).where(Place.code == "H1")).one()
        begin = years["since"] + timedelta(days=30)
        fee = {"season_fee": Decimal(1800), "use": "residential", "bands": "", "document": ""}
        session.add(ContractTerms(household_id=home, season_id=2, since=begin, **fee))
    drafted(says)
    with changing(world.books) as session:
        last = session.scalars(select(func.max(ChangeRecord.id))).one()
        session.execute(update(ContractTerms).values(ended_id=last))
    assert ended_facts(world.books, 1) == []


def test_a_fact_that_is_withdrawn_while_the_run_is_computed_is_named(
    city: tuple[World, Says],
) -> None:
    world, says = city

    def withdrawn(_done: int, _all: int) -> None:
        if not ended_early:
            ended_early.append(1)
            at = datetime(2025, 1, 9, 22, tzinfo=UTC).isoformat()
            wanted = Withdrawal("requests", f"H1 / {at}", "of the neighbour")
            withdraw(world.books, [wanted], By(user("Wu"), world.now()), tree(world.books), UTC)

    ended_early: list[int] = []
    draft(world, SEASON, user("Li"), progress=withdrawn)
    says("settle", "approve", "--season", SEASON, "--by", "Wu", "--reason", "it is claimed back")
    assert ended_early
    assert [each.key for each in ended_facts(world.books)] == ["H1 / 2025-01-09T22:00:00Z"]


def test_what_ended_is_named_to_the_company_whose_run_it_is_and_to_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = both(tmp_path).together

    def asks(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        code = run([*words, "--lang", "en", "--config", str(world.path)])
        told = capsys.readouterr()
        return code, told.out + told.err

    own = ("--company", SECOND)
    for words in (("settle", "draft"), ("settle", "approve")):
        assert asks(*words, "--season", SECOND_SEASON, *own)[0] == 0
    key = ("icy", (MIDNIGHT - timedelta(days=3)).isoformat())
    assert asks("evidence", "withdraw", "requests", *key, *own, "--reason", "twice")[0] == 0
    for extra in ((), ("--json",)):
        assert "icy" in asks("settle", "verify", *own, *extra)[1]
        assert "icy" not in asks("settle", "verify", "--company", FIRST, *extra)[1]
        code, told = asks("settle", "verify", "--run", "1", "--company", FIRST, *extra)
        assert code == 2
        assert "icy" not in told


def test_a_sensor_that_was_placed_after_the_draft_is_named_with_the_facts_that_came_after_it(
    city: tuple[World, Says], tmp_path: Path
) -> None:
    world, says = city
    says("registry", "export", str(tmp_path / "kept"))
    says("evidence", "withdraw", "series", "d3", "t", "2024-01-01T08:00", *WHY)
    drafted(says)
    devices, series = (tmp_path / f"{name}.csv" for name in ("devices", "series"))
    text = (tmp_path / "kept" / "devices.csv").read_text(encoding="utf-8-sig")
    head, *rows = text.splitlines()
    (row,) = (each for each in rows if each.startswith("d3,"))
    devices.write_text(f"{head}\n{row.replace('d3,', 'new,', 1)}\n", encoding="utf-8")
    kept = (tmp_path / "kept" / "series.csv").read_text(encoding="utf-8-sig").splitlines()
    own, back = {**dict.fromkeys(kept[0].split(","), "")}, [e for e in kept if e.startswith("d3,")]
    own |= {"device": "new", "channel": "t", "role": "room_temperature", "interval_s": "900"}
    now = own | {"place": "H2-bed", "since": "2025-01-12T00:00"}
    later = own | {
        "place": "H2-bed",
        "channel": "u",
        "since": "2099-01-01T00:00",
    }  # nothing of before
    rows = [",".join(each.values()) for each in (now, later)]
    series.write_text("\n".join([kept[0], *rows, *back, ""]), encoding="utf-8")
    says("registry", "import", str(devices), str(series), *WHY)
    assert sorted((each.kind, each.key) for each in added_facts(world.books, 1)) == [
        ("series", "d3 / t / 2024-01-01T00:00:00Z"), ("series", "new / t / 2025-01-11T16:00:00Z"),
    ]  # fmt: skip
