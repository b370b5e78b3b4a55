"""Two companies in one registry: whatever is said of one is the same bytes as without the other."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

import heatwatch as hw
from domain.actor import program
from domain.errors import WrongCall
from heatwatch.cli.app import run
from heatwatch.selection import company_of, zone_of
from heatwatch.services.companies import network_of
from heatwatch.services.reporting import Order, file_missing_reports, write_report
from heatwatch.wiring import World
from reports.kinds import KINDS
from store.books.delivery import DeliveryFault, UplinkDay
from tests.actors import at
from tests.tiny import NOW
from tests.two_companies import FIRST, SECOND, SECOND_SEASON, Both, both

WRONG_CALL = 2
LATER = NOW.replace(month=2, day=20)


@pytest.fixture
def worlds(tmp_path: Path) -> Both:
    return both(tmp_path)


def said(world: World, capsysbinary: pytest.CaptureFixture[bytes], *arguments: str) -> bytes:
    """What a command prints, its own folder left out."""
    capsysbinary.readouterr()
    code = run([*arguments, "--config", str(world.path)])
    told = capsysbinary.readouterr()
    folder = str(world.path.parent).encode()
    return (told.out + told.err + b"%d" % code).replace(folder, b"")


def same(
    worlds: Both, capsysbinary: pytest.CaptureFixture[bytes], *arguments: str, company: bool = True
) -> bytes:
    """The answer of both worlds, which must be one."""
    named = ("--company", FIRST) if company else ()
    alone = said(worlds.alone, capsysbinary, *arguments)
    assert said(worlds.together, capsysbinary, *arguments, *named) == alone
    return alone


@pytest.mark.parametrize("kind", KINDS)
def test_reports_of_one_are_the_same_bytes_whether_the_other_is_there_or_not(
    worlds: Both, kind: str
) -> None:
    found = []
    for world in (worlds.alone, worlds.together):
        order = Order(kind, company_of(world.config, FIRST), date(2026, 1, 15), 2, ["html", "json"])
        paths = write_report(world, order, world.path.parent / "out", at(LATER))
        found.append({path.name: path.read_bytes() for path in paths})
    assert found[0] == found[1]
    assert len(found[0]) == 3
    whole = b"".join(found[1].values())
    assert not any(word.encode() in whole for word in ("P1-01", "河西站", "另一热力", "Belgrade"))


def test_refunds_and_tasks_of_one_are_the_same_bytes_with_the_other_busy_in_between(
    worlds: Both, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    season = ("--season", "2025-26")
    assert b'"total"' in same(worlds, capsysbinary, "settle", "draft", *season, "--json")
    same(worlds, capsysbinary, "case", "open", *season, "--json")  # tasks are numbered as they open
    for step in ("draft", "approve"):
        answer = said(
            worlds.together, capsysbinary,
            "settle", step, "--season", SECOND_SEASON, "--company", SECOND, "--json",
        )  # fmt: skip
        assert answer.endswith(b"0"), answer
    opened = said(
        worlds.together, capsysbinary,
        "case", "open", "--season", SECOND_SEASON, "--company", SECOND, "--json",
    )  # fmt: skip
    assert opened.endswith(b"0"), opened
    assert b"icy" not in same(worlds, capsysbinary, "case", "list", "--all", "--json")
    same(worlds, capsysbinary, "settle", "show", *season, "--json")
    approved = [
        json.JSONDecoder().raw_decode(
            said(world, capsysbinary, "settle", "approve", *season, "--json", *named).decode()
        )[0]
        for world, named in ((worlds.alone, ()), (worlds.together, ("--company", FIRST)))
    ]
    assert approved[0] == approved[1], "the head, too: an approval seals no other company's facts"
    assert approved[0]["refunds"] == 1
    same(worlds, capsysbinary, "settle", "verify", "--json", company=False)
    same(worlds, capsysbinary, "explain", "cold", *season, "--json")
    exported = []
    for world, named in ((worlds.alone, ()), (worlds.together, ("--company", FIRST))):
        out = world.path.parent / "refunds"
        said(world, capsysbinary, "settle", "export", *season, "--out", str(out), *named)
        exported.append({path.name: path.read_bytes() for path in out.iterdir()})
    assert exported[0] == exported[1]
    assert "policy.toml" in exported[0]
    assert len(exported[0]) == 4


@pytest.mark.parametrize(
    "arguments",
    [
        ["report", "daily"],
        ["case", "list"],
        ["settle", "draft", "--season", "2025-26"],
        ["settle", "show", "--season", "2025-26"],
        ["settle", "approve", "--season", "2025-26"],
        ["explain", "cold", "--season", "2025-26"],
        ["alerts", "list"],
        ["alerts", "messages"],
        ["alerts", "received"],
        ["alerts", "ack", "19", "--by", "Li"],
        ["comfort"],
        ["outages"],
        ["readings", "coverage", "--since", "2026-01-14"],
    ],
    ids=" ".join,
)
def test_where_there_are_several_a_company_is_needed_and_those_there_are_are_named(
    worlds: Both, capsysbinary: pytest.CaptureFixture[bytes], arguments: list[str]
) -> None:
    told = said(worlds.together, capsysbinary, *arguments)
    assert told.endswith(b"allowed: demo, other\n%d" % WRONG_CALL)
    told = said(worlds.together, capsysbinary, *arguments, "--company", "third")
    assert b"'third' is not in the configuration; allowed: demo, other" in told


def test_a_season_or_a_task_of_another_company_is_refused(
    worlds: Both, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    for step in ("draft", "show", "approve"):
        told = said(
            worlds.together, capsysbinary,
            "settle", step, "--season", SECOND_SEASON, "--company", FIRST,
        )  # fmt: skip
        assert b"is not known; allowed: 2025-26 of company 'demo'" in told
    season = ("--season", SECOND_SEASON, "--company", SECOND, "--json")
    said(worlds.together, capsysbinary, "case", "open", *season)
    listed = said(
        worlds.together, capsysbinary, "case", "list", "--all", "--company", SECOND, "--json"
    )
    task = json.loads(listed[:-1])[0]
    done = said(worlds.together, capsysbinary, "case", "done", str(task["id"]), "--company", FIRST)
    assert done.endswith(b"5"), "there is no such task of the first"


@pytest.mark.parametrize(
    "arguments",
    [
        ["alerts", "list", "--all", "--children", "--json"],
        ["alerts", "messages", "--json"],
        ["alerts", "received", "--json"],
        ["comfort", "--json"],
        ["comfort", "--season", "2025-26", "--rooms", "--json"],
        ["outages", "--json"],
        ["readings", "coverage", "--since", "2026-01-10", "--json"],
    ],
    ids=" ".join,
)
def test_what_is_said_of_one_is_the_same_bytes_whether_the_other_is_there_or_not(
    worlds: Both, capsysbinary: pytest.CaptureFixture[bytes], arguments: list[str]
) -> None:
    told = same(worlds, capsysbinary, *arguments)
    assert told.endswith(b"0"), told
    assert not any(word in told for word in (b'"icy', b"P1-01"))


@pytest.mark.parametrize("command", ["comfort", "outages"])
def test_a_season_or_place_of_another_company_is_no_period_of_this_one(
    worlds: Both, capsysbinary: pytest.CaptureFixture[bytes], command: str
) -> None:
    own = ("--company", FIRST)
    told = said(worlds.together, capsysbinary, command, "--season", SECOND_SEASON, *own)
    assert b"is none of company 'demo'; there are: 2025-26" in told
    told = said(worlds.together, capsysbinary, command, "--place", "P1-01", *own)
    assert b"'P1-01' is not of company 'demo'" in told
    told = said(worlds.together, capsysbinary, command, "--place", "P1-01", "--json")
    assert json.loads(told[:-1])["since"] == "2025-10-31T23:00:00+00:00", "of its own season"


def test_the_library_takes_a_season_of_the_places_company_alone(worlds: Both) -> None:
    city = hw.open(worlds.together.path)
    for call in (city.comfort, city.outages):
        with pytest.raises(WrongCall, match="is none of company 'demo'; there are: 2025-26"):
            call(season=SECOND_SEASON, place=FIRST)
        with pytest.raises(WrongCall, match="a place is needed where there are several companies"):
            call(season="2025-26")
    assert list(city.comfort(season=SECOND_SEASON, place=SECOND)["household"]) == ["icy"]


def test_an_alert_of_another_company_is_none(
    worlds: Both, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    listed = said(worlds.together, capsysbinary, "alerts", "list", "--json", "--company", SECOND)
    code = json.loads(listed[:-1])[0]["code"]
    taken = ("alerts", "ack", code, "--by", "Li", "--company")
    assert b"No alert has the code" in said(worlds.together, capsysbinary, *taken, FIRST)
    assert said(worlds.together, capsysbinary, *taken, SECOND).endswith(b"0")


def test_each_company_has_its_own_file_sets_and_its_own_zone(worlds: Both) -> None:
    world = worlds.together
    assert [str(zone_of(world, each, NOW)) for each in (FIRST, SECOND)] == [
        "Asia/Shanghai",
        "Europe/Belgrade",
    ]
    written = {
        path.relative_to(world.config.reports.folder) for path in file_missing_reports(world, NOW)
    }
    days = {path.parts[1]: path.name for path in written if path.suffix == ".json"}
    assert days == {"demo": "daily_2026-01-15.json", "other": "daily_2026-01-14.json"}
    assert file_missing_reports(world, NOW) == []


def test_refused_messages_count_for_the_company_of_their_feed(worlds: Both) -> None:
    assert _refused(worlds.together, date(2026, 1, 14)) == {FIRST: 0, SECOND: 1}


def test_refused_messages_count_on_the_day_on_which_they_came(worlds: Both) -> None:
    assert _refused(worlds.together, date(2026, 1, 13)) == {FIRST: 0, SECOND: 0}


def test_uplinks_count_for_the_company_of_their_feed(worlds: Both) -> None:
    world, day = worlds.together, date(2026, 1, 14)
    with Session(world.books) as session, session.begin():
        for feed in ("rooms", "stations"):
            counts = {"received": 90, "missed": 10, "counted_by": program("ingest")}
            session.add(UplinkDay(feed=feed, device=f"of {feed}", day=day, **counts))
    devices = {
        code: [each["device"] for each in found["worst"]]
        for code, found in _figures(world, day, "uplinks").items()
    }
    assert devices == {FIRST: ["of rooms"], SECOND: ["of stations"]}


def test_what_is_missing_of_senders_is_told_of_the_company_of_their_feed(worlds: Both) -> None:
    world, day = worlds.together, date(2026, 1, 14)
    since = datetime(2026, 1, 14, 6, tzinfo=UTC)
    with Session(world.books) as session, session.begin():
        for feed in ("rooms", "stations", None):
            session.add(
                DeliveryFault(
                    kind="sequence_gap", client_id="hw", broker="b:1883", about=f"of {feed}",
                    feed=feed, since=since, until=since, told_at=since, told_by=program("ingest"),
                )
            )  # fmt: skip
    about = {
        code: [each["about"] for each in found]
        for code, found in _figures(world, day, "delivery_faults").items()
    }
    assert about == {FIRST: ["of None", "of rooms"], SECOND: ["of None", "of stations"]}


def _refused(world: World, day: date) -> dict[str, int]:
    """Company -> refused messages in its report of a day."""
    return _figures(world, day, "refused_messages")


def _figures(world: World, day: date, name: str) -> dict[str, Any]:
    """Company -> a part of its report of a day, made when the next was over."""
    found = {}
    for code in (FIRST, SECOND):
        order = Order("daily", company_of(world.config, code), day, 2, ["json"])
        (path,) = write_report(world, order, world.path.parent / "out", at(NOW))
        found[code] = json.loads(path.read_bytes())[name]
    return found


def test_a_company_that_the_registry_lacks_is_named_with_those_it_has(worlds: Both) -> None:
    with pytest.raises(WrongCall, match="'third' is not in the registry; allowed: demo, other"):
        network_of(worlds.together, "third")
