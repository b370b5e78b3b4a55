"""Evidence that once was paid wrong, and what it is worth: each household of `evidence_town`."""

import contextlib
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from heatwatch.cli.app import run
from heatwatch.wiring import World
from store.books.facts import Contract
from store.books.registry import Season
from store.registry.kinds import KIND_OF
from store.registry.proposals import proposal_id
from tests.actors import changing
from tests.heatwatch.cli.evidence_town import (
    DAYS,
    OLD,
    SEASON,
    SINCE,
    evidence_town,
    local,
    write,
)
from tests.heatwatch.towns import town_without_readings

OK, REFUSED = 0, 3
OF_SEASON = ("--season", SEASON)


class Town:
    """What commands say there."""

    def __init__(self, world: World) -> None:
        self.world, self.folder = world, world.path.parent

    def text(self, *words: str, code: int = OK) -> str:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            assert run([*words, "--config", str(self.world.path)]) == code
        return out.getvalue()

    def says(self, *words: str, code: int = OK) -> Any:
        return json.loads(self.text(*words, "--json", code=code))

    def sums(self) -> dict[str, tuple[str, bool]]:
        """Household -> its sum in the newest run, and whether a part is undetermined."""
        rows = self.says("settle", "show", *OF_SEASON)["results"]
        return {each["household"]: (each["total"], each["undetermined"]) for each in rows}

    def steps(self, household: str, step: str) -> list[dict[str, Any]]:
        """The numbers of its steps of a kind in the first run."""
        found = self.says("explain", household, *OF_SEASON, "--run", "1")["steps"]
        return [each["numbers"] for each in found if each["step"] == step]

    def lines(self, household: str) -> list[tuple[str, str, str]]:
        """First day, last day and amount of what it is paid for temperature in the first run."""
        found = self.steps(household, "line.temperature")
        return [(each["first"], each["last"], each["amount"]) for each in found]

    def bounds(self, household: str) -> tuple[str, str]:
        (found,) = self.steps(household, "undetermined")
        return found["lower"], found["upper"]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """With its first run, which is approved."""
    world = evidence_town(tmp_path_factory.mktemp("town"))
    found = Town(world)
    for step in ("draft", "approve"):
        found.says("settle", step, *OF_SEASON, "--by", "Wu Hao")
    yield found
    world.books.dispose()


@pytest.fixture(scope="module")
def first(town: Town) -> dict[str, tuple[str, bool]]:
    return town.sums()


FIVE_DAYS = [f"2025-01-{day}" for day in range(12, 17)]
Sums = dict[str, tuple[str, bool]]


def test_an_unverified_sensor_speaks_for_december_though_a_verified_one_came_in_january(
    town: Town, first: Sums
) -> None:
    """It was 0.00 and "never below": the verified one was taken for the whole season."""
    assert first["early"] == ("50.00", False)
    assert town.lines("early") == [("2024-12-10", "2024-12-14", "50.00")]


def test_seven_readings_of_70_degrees_recover_nobody(town: Town, first: Sums) -> None:
    """They are unknown: of 104.48 only what may have been warm is open."""
    assert first["hot"] == ("83.58", True)
    assert town.bounds("hot") == ("83.58", "104.48")
    spells = [(each["unknown_as"], each["run_h"]) for each in town.steps("hot", "episode")]
    assert spells == [("below", "240.00"), ("compliant", "47.00"), ("compliant", "191.25")]


def test_one_value_for_24_days_is_unknown(town: Town, first: Sums) -> None:
    """It was "never below"."""
    assert first["still"] == ("0.00", True)
    assert town.bounds("still") == ("0.00", "1200.00")
    (row,) = town.says("readings", "coverage", *OF_SEASON, "--place", "still")["series"]
    assert (row["readings"], row["unchanged"]) == (24 * 96, 24 * 96)


@pytest.mark.parametrize("home", ["late-1", "late-2", "late-3"])
def test_an_outage_whose_end_nobody_recorded_is_not_paid_to_the_seasons_end(
    town: Town, first: Sums, home: str
) -> None:
    """It paid 820.00 to every household of the station."""
    assert first[home] == ("0.00", True)
    (last,) = town.steps(home, "reason.outage_without_end")
    assert (last["lower"], last["upper"]) == ("0.00", "820.00")


def test_a_household_that_moved_on_13_january_is_not_paid_for_20_february(
    town: Town, first: Sums
) -> None:
    """Neither for the cold of these days nor for the outage."""
    assert first["left"] == ("30.00", False)
    assert town.lines("left") == [("2025-01-10", "2025-01-12", "30.00")]
    assert town.steps("left", "line.outage") == []


@pytest.mark.parametrize(
    ("language", "hours", "clause"),
    [("en", "96.00 h, on days of the user's fault", "art. 35 no. 2"),
     ("zh", "96.00 小时，均在用户原因之日内", "第三十五条第二项")],
)  # fmt: skip
def test_a_refusal_for_a_users_fault_prints_its_96_hours_and_cites_the_finding(
    town: Town, first: Sums, language: str, hours: str, clause: str
) -> None:
    """It printed 0.00 h and cited nothing."""
    assert first["fault"] == ("0.00", False)
    letter = town.folder / f"letter-{language}.html"
    own = ("explain", "fault", *OF_SEASON, "--run", "1", "--lang", language)
    sheet = "".join(town.text(*own).replace("│", " ").split())
    town.text(*own, "--format", "html", "--out", str(letter))
    written = "".join(letter.read_text(encoding="utf-8").replace("&#39;", "'").split())
    for found in (sheet, written):
        assert "".join(hours.split()) in found
        assert "".join(clause.split()) in found
        assert "protocol5" in found


def test_a_meter_at_0_degrees_beside_a_hot_secondary_side_proposes_nothing(
    town: Town, first: Sums
) -> None:
    """It proposed 121 outages, one a day; what speaks against them is shown."""
    found = town.says("outages", *OF_SEASON, "--place", "S2")
    assert found["outages"] == []
    wrong = found["no_outages"]
    assert [(each["answer"], str(each["hours"])) for each in wrong] == [
        ("meter_wrong", "18.000")
    ] * DAYS
    out = town.folder / "found" / "outages.csv"
    assert town.says("outages", *OF_SEASON, "--place", "S2", "--out", str(out))["rows"] == 0
    said = town.text("outages", *OF_SEASON, "--place", "S2", "--lang", "en")
    assert "primary supply temperature of 0.0 °C" in " ".join(said.replace("│", " ").split())


def test_121_proposals_that_nobody_has_read_are_refused_and_pay_nobody(
    town: Town, first: Sums
) -> None:
    """They drafted 1,916.85 for five warm households."""
    begins = [local(SINCE) + timedelta(days=i, hours=6) for i in range(DAYS)]
    rows = [
        [
            "S2", each.isoformat(), (each + timedelta(hours=18)).isoformat(), "false", "operator",
            "meters, data version 1: supply 0 °C", "", "", "",
        ]
        for each in begins
    ]  # fmt: skip
    at = KIND_OF["outages"].at["proposal"]
    for row, since in zip(rows, begins, strict=True):
        row[at] = proposal_id("S2", since, since + timedelta(hours=18))
    (file,) = write(town.folder / "unread", {"outages": rows})
    report = town.says("registry", "import", str(file), code=REFUSED)
    assert report["counts"]["outages"]["added"] == 0
    assert len(report["refused"]) == DAYS
    assert {each["column"] for each in report["refused"]} == {"decision"}
    before = town.says("settle", "show", *OF_SEASON)["run"]["run"]
    assert town.says("settle", "draft", *OF_SEASON)["run"] == before + 1
    warm = [sums for home, sums in town.sums().items() if home.startswith("warm")]
    assert warm == [("0.00", False)] * 5


def test_a_sensor_that_moved_on_12_january_and_was_recorded_later_pays_each_its_own(
    town: Town, first: Sums
) -> None:
    """100.00 had gone to the wrong household; the correction posts the difference, day by day."""
    assert (first["moved"], first["next"]) == (("150.00", False), ("0.00", False))
    own = ["t", "room_temperature"]
    rows = [
        ["d-moved", *own, "moved-bed", "900", OLD, "2025-01-12"],
        ["d-next", *own, "next-bed", "900", OLD, "2025-01-12"],
        ["d-moved", *own, "next-bed", "900", "2025-01-12", ""],
    ]
    (file,) = write(town.folder / "moved", {"series": rows})
    assert town.says("registry", "import", str(file), code=REFUSED)["refused"]
    town.says("registry", "import", str(file), "--reason", "moved on 12 January", "--by", "Li Wei")
    drafted = town.says("settle", "draft", *OF_SEASON, "--correction")
    assert drafted["differences"]["households"] == 2
    found = {each["household"]: each for each in drafted["differences"]["largest"]}
    assert {code: (each["before"], each["after"]) for code, each in found.items()} == {
        "moved": ("150.00", "50.00"), "next": ("0.00", "100.00"),
    }  # fmt: skip
    for each in found.values():
        assert [part["days"] for part in each["differences"]] == [FIVE_DAYS]
    sums = town.sums()
    assert (sums["moved"], sums["next"]) == (("50.00", False), ("100.00", False))


def test_a_record_imported_again_with_17_9_for_15_0_is_a_correction_with_its_history(
    tmp_path: Path,
) -> None:
    """It changed 50.00 to 20.00, and nothing showed that it was ever 15.0."""
    _, world = town_without_readings(tmp_path)
    linyi = {
        "policy": "CN-SD-LINYI-2017",
        "since": local("2024-11-10"),
        "until": local("2025-03-21"),
    }
    with changing(world.books) as session:
        session.execute(update(Season).values(**linyi))
        session.execute(
            update(Contract).values(season_fee=Decimal("2620.00"), standing_consent=False)
        )
    town = Town(world)

    def measured(celsius: str, *how: str, code: int = OK) -> Any:
        rows = [
            ["H1-bed", "2025-01-10T12:00", celsius, "Li Wei; Wu Hao"],
            ["H1-bed", "2025-01-15T12:00", "18.5", "Li Wei; Wu Hao"],
        ]
        (file,) = write(tmp_path / "records", {"measurements": rows})
        return town.says("registry", "import", str(file), *how, code=code)

    measured("15.0", "--by", "Li Wei")
    town.says("settle", "draft", *OF_SEASON)
    assert town.sums()["H1"] == ("50.00", False)
    town.says("settle", "approve", *OF_SEASON, "--by", "Wu Hao")
    (refused,) = measured("17.9", code=REFUSED)["refused"]
    assert "other values are a correction and need a reason" in refused["why"]
    town.says("settle", "draft", *OF_SEASON)
    assert town.sums()["H1"] == ("50.00", False)
    measured("17.9", "--by", "Zhang San", "--reason", "misread")
    drafted = town.says("settle", "draft", *OF_SEASON, "--correction")
    (home,) = drafted["differences"]["largest"]
    assert (home["household"], home["before"], home["after"]) == ("H1", "50.00", "20.00")
    assert [(each["days"], each["amount"]) for each in home["differences"]] == [
        ([f"2025-01-{day}" for day in range(10, 15)], "-30.00")
    ]
    done = town.says("settle", "approve", *OF_SEASON, "--by", "Wu Hao")
    assert (done["refunds"], done["corrections"], done["added"]) == (0, 1, "-30.00")
    assert town.says("settle", "verify", "--all")["holds"]
    assert town.sums()["H1"] == ("20.00", False)
    history = town.says("evidence", "history", "H1-bed", "--kind", "measurements")
    wrong, right, _ = history
    assert [(each["values"]["celsius"], each["state"]) for each in history] == [
        ("15.0", "superseded"), ("17.9", "current"), ("18.5", "current"),
    ]  # fmt: skip
    assert (wrong["recorded_by"], wrong["ended_by"]) == ("user:Li Wei", "user:Zhang San")
    assert (right["recorded_by"], right["reason"]) == ("user:Zhang San", "misread")
    assert wrong["recorded_at"] < wrong["ended_at"] == right["recorded_at"]
    assert (wrong["end_reason"], right["supersedes"]) == ("misread", wrong["version"])
    world.books.dispose()
