"""What the law or the books rule out enters by no way: import, check, or a policy taken over."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.actor import By
from domain.errors import WrongCall
from heatwatch.services.adopting import adopt
from heatwatch.services.importing import check_files, import_files
from heatwatch.wiring import World, open_world
from store.registry.report import ImportReport
from tests.actors import TESTER
from tests.analytics.books import SEASON
from tests.analytics.law.test_policy import at_20_degrees
from tests.heatwatch.cli.sample import config, sampled
from tests.heatwatch.towns import town
from tests.servers.programs import ROOT
from tests.store.city import City, change, write_city
from tests.store.city import city_without_runs as city

__all__ = ["config"]  # fixtures


def entered(config: str, rows: City) -> tuple[ImportReport, ImportReport]:
    """What a check and an import answer."""
    world = open_world(Path(config))
    files = [write_city(Path(config).parent / "city", rows)]
    checked = check_files(world, files, reason="")
    done = import_files(world, files, by=By(TESTER, world.now()))
    world.books.dispose()
    return checked, done


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2012-11-15T00:00:00+08:00", "2013-03-16T00:00:00+08:00", "2012-11-15 to 2013-03-15"),
        ("2018-03-31T00:00:00+08:00", "2018-05-16T00:00:00+08:00", "2018-03-31 to 2018-05-15"),
    ],
)
def test_a_season_outside_its_policys_time_in_force_is_refused_with_all_that_is_its_own(
    config: str, since: str, until: str, days: str
) -> None:
    rows = change(
        change(city(), "seasons", "2025", "since", since), "seasons", "2025", "until", until
    )
    for report in entered(config, rows):
        first = next(each for each in report.refused if each.file == "seasons.csv")
        assert (first.row, first.column, first.value) == (2, "policy", "CN-HA-2018")
        assert f"in force since 2018-04-01; season 2025 runs {days}; allowed:" in str(first.why)
        assert report.counts["contracts"].added == 0


@pytest.mark.parametrize(
    ("policy", "doubted"),
    [
        ("CN-HA-2018", ["agreed", "bands"]),
        ("CN-TJ-2010", ["basic_fee", "heat_price", "bands"]),
        ("CN-XJ-URUMQI-2002", ["basic_fee", "heat_price"]),
        ("CN-SD-WEIFANG-2021", ["agreed", "bands"]),
    ],
)
def test_terms_that_the_policy_does_not_leave_to_the_contract_are_kept_with_a_warning(
    config: str, policy: str, doubted: list[str]
) -> None:
    for report in entered(config, change(city(), "seasons", "2025", "policy", policy)):
        own = [each for each in report.doubtful if each.file == "contract_terms.csv"]
        assert [each.column for each in own] == doubted
        assert all(f"{policy} does not leave it to the contract" in str(each.why) for each in own)
        assert report.counts["contract_terms"].added == 1


@pytest.mark.parametrize(
    ("policy", "doubted"),
    [("CN-HA-2018", []), ("CN-HA-LY-2018", ["agreed", "bands"])],
)
def test_terms_of_a_user_who_is_not_residential_count_where_the_policy_leaves_them_to_the_contract(
    config: str, policy: str, doubted: list[str]
) -> None:
    shop = change(city(), "contract_terms", "H1", "use", "non_residential")
    for report in entered(config, change(shop, "seasons", "2025", "policy", policy)):
        own = [each for each in report.doubtful if each.file == "contract_terms.csv"]
        assert [each.column for each in own] == doubted


@pytest.mark.parametrize(("policy", "doubted"), [("CN-HA-2018", ["at"]), ("CN-LN-2016-121", [])])
def test_a_request_made_after_the_season_is_doubted_but_where_it_claims_the_refund(
    config: str, policy: str, doubted: list[str]
) -> None:
    asked = change(city(), "requests", "H1", "at", "2026-04-02T08:00:00+08:00")
    world = open_world(Path(config))
    files = [
        write_city(Path(config).parent / "city", change(asked, "seasons", "2025", "policy", policy))
    ]
    checked = check_files(world, files, reason="")
    world.books.dispose()
    own = [each for each in checked.doubtful if each.file == "requests.csv"]
    assert [each.column for each in own] == doubted


def test_a_policy_that_is_not_in_force_in_the_season_is_not_adopted(tmp_path: Path) -> None:
    config, world = town(tmp_path)
    world.books.dispose()
    with config.open("a", encoding="utf-8") as out:
        out.write('\n[law]\npolicies = "own"\n')
    (tmp_path / "own").mkdir()
    file = tmp_path / "late.toml"
    file.write_text(at_20_degrees().replace("since = 2018-04-01", "since = 2024-11-16"), "utf-8")
    world = open_world(config)
    with pytest.raises(WrongCall, match="in force since 2024-11-16; season"):
        adopt(world, SEASON, file, By(TESTER, world.now()))
    assert list((config.parent / "own").iterdir()) == []
    world.books.dispose()


def test_an_objection_is_to_a_run_that_there_is(config: str) -> None:
    rows = city() | {
        "objections": [["H2", "2026-05-20T09:00:00+08:00", "3", "", "", "16 °C", "open", "", ""]]
    }
    for report in entered(config, rows):
        (refused,) = report.refused
        assert (refused.file, refused.column, refused.value) == ("objections.csv", "run", "3")
        assert "run 3 is not in the books; there is none yet" in str(refused.why)


@pytest.fixture(scope="module")
def beijing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The city under a law that lets contracts agree on a temperature: H1's is 20 °C, H3's room a corner."""
    folder = tmp_path_factory.mktemp("beijing")
    world = open_world(Path(sampled(folder)))
    rows = change(city(), "seasons", "2025", "policy", "CN-BJ-BF2022-0501")
    rows["decisions"] = []
    import_files(
        world, [write_city(folder / "city", rows)], by=By(TESTER, world.now()), strict=True
    )
    yield world
    world.books.dispose()


@pytest.mark.parametrize(
    ("place", "celsius", "owed"),
    [
        ("H1-bed", "19.999", ""),
        ("H1-bed", "20", "20"),
        ("H1", "20", "20"),
        ("H2-bed", "17.999", ""),
        ("H2-bed", "18", "18"),
        ("H2", "19", "18"),
    ],
)
def test_what_is_decided_as_below_is_colder_than_what_is_owed(
    beijing: World, tmp_path: Path, place: str, celsius: str, owed: str
) -> None:
    since, until = "2026-01-02T00:00:00+08:00", "2026-01-05T00:00:00+08:00"
    row = [place, since, until, "below", "authority", "Decision 12", "art. 33", celsius]
    report = check_files(beijing, [write_city(tmp_path / "in", {"decisions": [row]})], reason="")
    assert [(each.column, each.value) for each in report.refused] == (
        [("temperature", celsius)] if owed else []
    )
    said = f"is not below the {owed} °C that CN-BJ-BF2022-0501 or the contract owes"
    assert all(said in str(each.why) for each in report.refused)


@pytest.mark.parametrize(
    ("policy", "use", "corner", "celsius", "refused"),
    [
        ("CN-SD-QINGDAO-2017", "kitchen", False, "10", True),
        ("CN-SD-QINGDAO-2017", "kitchen", False, "9.999", False),
        ("RU-354", "bedroom", True, "19", False),
        ("RU-354", "bedroom", False, "19", True),
        ("NL-WW", "bedroom", False, "19", False),  # its act names no temperature
    ],
)
def test_a_room_is_owed_what_the_act_has_for_its_kind(
    config: str, policy: str, use: str, *, corner: bool, celsius: str, refused: bool
) -> None:
    rows = change(city(), "seasons", "2025", "policy", policy)
    change(rows, "places", "H3-bed", "room_use", use)
    since, until = "2026-01-02T00:00:00+08:00", "2026-01-05T00:00:00+08:00"
    rows["decisions"] = [
        ["H3-bed", since, until, "below", "authority", "Decision 12", "art. 33", celsius]
    ]
    if not corner:
        rows["corner_rooms"] = []
    checked, _ = entered(config, rows)
    assert [each.column for each in checked.refused] == (["temperature"] if refused else [])


def test_a_proposal_that_no_meter_shows_is_not_confirmed(config: str) -> None:
    rows = city()
    rows["outages"][0][6:8] = ["S1-01@20251219T160000Z+46800", "confirmed"]
    for report in entered(config, rows):
        (refused,) = report.refused
        assert (refused.file, refused.row, refused.column) == ("outages.csv", 2, "proposal")
        assert "no meter shows this; allowed: a proposal that heatwatch outages" in str(refused.why)


def test_everything_that_enters_the_registry_is_checked() -> None:
    """Only one place calls the store's import, so that no way in forgets a check."""
    found = {
        str(path.relative_to(ROOT))
        for room in ("heatwatch", "dashboards", "cases", "analytics", "ingest", "alerts", "reports")
        for path in (ROOT / room).rglob("*.py")
        if "import_registry(" in path.read_text(encoding="utf-8")
    }
    assert found == {"heatwatch/services/importing.py"}
