"""What the frames of a city share, and by which law it judges."""

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import update

import heatwatch as hw
from analytics.law.policy import load as load_policy
from domain.time import to_us
from heatwatch.city import common_unit
from store.books import facts
from store.books import registry as reg
from store.journal.schema import READING
from tests.actors import changing
from tests.analytics.books import NOW, OLD, add, local
from tests.heatwatch.towns import answer, close, town_without_readings

STATIONS = {51: 3, 52: 4}  # series id of the flow meter -> its station
JANUARY = ("2025-01-15", "2025-01-31")
FIRST, SECOND = "CN-HA-2018", "XX-OWN"
SUPPLY = """
[supply]
cold_c = "28"
flow_share = "0.25"
verified_min = "10"
clause = "art. 25"
"""


def test_the_unit_of_a_column_is_said_where_all_rows_have_it() -> None:
    assert common_unit(["Cel", "Cel"]) == "Cel"
    assert not common_unit(["Cel", "bar"])
    assert not common_unit([])


def two_laws(folder: Path, first: str, second: str) -> Path:
    """The town whose second station is of a season of its own, beside the first in the same days.

    The flow of both falls to a fifth on 20 January: lost supply under `SECOND` alone.
    """
    config, world = town_without_readings(folder)
    (folder / "laws").mkdir()
    law = load_policy(FIRST).raw.decode().replace(FIRST, SECOND) + SUPPLY
    (folder / "laws" / f"{SECOND}.toml").write_text(law, encoding="utf-8")
    with config.open("a", encoding="utf-8") as file:
        file.write('\n[law]\npolicies = "laws"\n')
    for series, place in STATIONS.items():
        add(world.books, reg.Device(id=series, code=f"meter-{place}", verified=True))
        add(world.books, reg.Series(
            id=series, device_id=series, channel="flow", role="flow", place_id=place,
            interval_s=900, since=OLD, until=None,
        ))  # fmt: skip
        world.readings.import_table(a_fifth(series), NOW)
    with changing(world.books) as session:
        own = session.get_one(reg.Season, 1)
        session.add(reg.Season(
            id=2, code="b", company_id=1, policy=second, since=own.since, until=own.until,
            zone=own.zone, design_outdoor=None,
        ))  # fmt: skip
        session.execute(update(reg.Season).where(reg.Season.id == 1).values(policy=first))
        session.flush()
        moved = update(facts.Contract).where(facts.Contract.household_id > 12)
        session.execute(moved.values(season_id=2))
    close(world)
    return config


def a_fifth(series: int) -> pa.Table:
    """9,000 L/h every 15 minutes from 15 to 31 January, and 1,800 for six hours of the 20th."""
    times = [local(15) + timedelta(minutes=15 * i) for i in range(16 * 96)]
    rows = len(times)
    return pa.table(
        {
            "series": [series] * rows,
            "at": pa.array([to_us(at) for at in times], pa.timestamp("us", tz="UTC")),
            "value": [1_800 if local(20) <= at < local(20, 6) else 9_000 for at in times],
            **{name: [0] * rows for name in ("quality", "time_kind", "revision", "part")},
            "feed": [1] * rows,
            "message": pa.nulls(rows, pa.int64()),
        },
        schema=READING,
    )


@pytest.mark.parametrize(
    ("laws", "station"), [((FIRST, SECOND), "S1-02"), ((SECOND, FIRST), "S1-01")],
    ids=["the newest law", "the older law"],
)  # fmt: skip
def test_each_station_is_judged_by_the_law_that_its_homes_are_of(
    tmp_path: Path, laws: tuple[str, str], station: str, capsys: pytest.CaptureFixture[str]
) -> None:
    config, (since, until) = two_laws(tmp_path, *laws), JANUARY
    found = hw.open(config).outages(place="co", since=since, until=until)
    assert found[["station", "hours"]].values.tolist() == [[station, 6.0]]
    said = answer(config, capsys, "outages", "--place", "co", "--since", since, "--until", until)
    assert [each["station"] for each in said["outages"]] == [station]
