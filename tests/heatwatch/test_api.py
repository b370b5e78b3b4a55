"""`import heatwatch as hw`: the frames say what the commands say, in any order of input."""

import doctest
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pytest

import heatwatch as hw
from store.journal.schema import READING
from tests.analytics.books import NOW
from tests.heatwatch.towns import answer, town

JANUARY: dict[str, Any] = {"since": "2025-01-09", "until": "2025-01-16"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    config, world = town(tmp_path_factory.mktemp("town"))
    yield config
    world.books.dispose()


@pytest.fixture
def city(place: Path) -> hw.City:
    return hw.open(place)


def test_comfort_is_what_the_command_says(
    city: hw.City, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frame = city.comfort(base=18, place="co", **JANUARY)
    said = answer(
        place, capsys, "comfort", "--base", "18", "--place", "co",
        "--since", JANUARY["since"], "--until", JANUARY["until"],
    )  # fmt: skip
    rows = {row["household"]: row for row in said["homes"]}
    assert list(frame["household"]) == sorted(rows)
    for _, row in frame.iterrows():
        there = rows[row["household"]]
        assert row["room"] == there["room"]
        assert round(row["degree_hours"], 3) == float(there["degree_hours"])
        assert round(row["hours_known"], 3) == float(there["hours_known"])
    assert frame.attrs["units"]["degree_hours"] == "K.h"


def test_comfort_by_day_sums_to_the_whole(city: hw.City) -> None:
    days = city.comfort(base=18, place="co", freq="D", **JANUARY)
    whole = city.comfort(base=18, place="co", **JANUARY).set_index("household")
    assert len(days) == 7 * len(whole)
    sums = days.groupby("household")["degree_hours"].sum()
    pd.testing.assert_series_equal(sums, whole["degree_hours"], check_exact=False)


def test_refunds_are_what_a_draft_says(
    city: hw.City, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frame = city.refunds("2024-25")
    said = answer(place, capsys, "settle", "draft", "--season", "2024-25")
    assert frame["total"].sum() == Decimal(str(said["total"]))
    assert int(frame["undetermined"].sum()) == said["undetermined"]
    assert frame.attrs["policy"] == "CN-HA-2018"


def test_readings_have_their_place_and_unit(city: hw.City) -> None:
    frame = city.readings("H1", role="room_temperature", **JANUARY)
    assert set(frame["place"]) == {"H1-bed"}
    assert frame.attrs["units"] == {"value": "Cel"}
    assert set(frame["unit"]) == {"Cel"}
    own = frame[frame["device"] == "d1"]
    assert (own["value"].min(), own["value"].max()) == (17.0, 20.0)
    assert own.index.is_monotonic_increasing


def test_coverage_agrees_with_comfort(city: hw.City) -> None:
    known = city.coverage("H2", **JANUARY).set_index("place").loc["H2-bed", "covered_hours"]
    comfort = city.comfort(base=18, place="H2", **JANUARY).loc[0, "hours_known"]
    assert known == pytest.approx(comfort, abs=0.01)


def test_outages_say_whether_they_are_recorded(city: hw.City) -> None:
    frame = city.outages(place="co", **JANUARY)
    assert list(frame.columns[:5]) == ["station", "since", "until", "ended", "record"]
    assert frame.attrs["units"]["hours"] == "h"


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda city: city.comfort(place="nowhere", **JANUARY), "nowhere"),
        (lambda city: city.comfort(base=float("nan"), place="co", **JANUARY), "base"),
        (lambda city: city.readings("H1", role="heat", **JANUARY), "room_temperature"),
        (lambda city: city.refunds("1999"), "2024-25"),
        (lambda city: city.comfort(place="co", season="1999"), "2024-25"),
        (lambda city: hw.policy("CN-XX"), "CN-HA-2018"),
        (lambda city: hw.policy("x" * 5000), "CN-HA-2018"),
        (lambda city: hw.decode("native", cast(Any, None)), "bytes or str"),
        (lambda city: hw.decode("morse", b""), "native"),
        (lambda city: hw.decode("mapped", b"{}"), "needs its mapping"),
        (lambda city: hw.decode("mapped", b"{}", mapping={"chanels": 1}), "mapping.chanels"),
        (lambda city: hw.decode("native", b"{}", mapping={"channels": {"t": "$.t"}}), "'mapped'"),
        (lambda city: hw.decode("native", b"{}", topic=cast(Any, 5)), "topic = 5 is no text"),
        (lambda city: city.comfort(place="co", since="soon"), "^since 'soon' is not a time"),
        (lambda city: city.comfort(place="co", since=cast(Any, 5)), "since = 5 is no local day"),
        (lambda city: city.comfort(place="co", since=cast(Any, pd.NaT)), "since = NaT is no"),
        (
            lambda city: city.comfort(place="co", until="2025-01-16"),
            "^until 2025-01-16 needs since",
        ),
        (
            lambda city: city.comfort(place="co", since="2025-02-01", until="2025-01-01"),
            "^since 2025-02-01 is not before until 2025-01-01",
        ),
        (
            lambda city: city.comfort(place="co", season="2024-25", since="2025-01-01"),
            "^season and since/until exclude each other",
        ),
        (lambda city: city.comfort(place="co", since="2020-01-01"), "give until, or a later since"),
        (
            lambda city: city.comfort(place="co", as_of=99, **JANUARY),
            "^as_of 99 is no data version",
        ),
        (lambda city: city.comfort(as_of=cast(Any, "1"), **JANUARY), "as_of = '1' is no number"),
        (lambda city: city.comfort(as_of=cast(Any, True), **JANUARY), "as_of = True is no number"),
        (lambda city: city.comfort(base=cast(Any, "18"), place="co", **JANUARY), "base = '18'"),
        (lambda city: city.comfort(freq=cast(Any, "W"), place="co", **JANUARY), 'None or "D"'),
        (lambda city: city.comfort(place=cast(Any, 5), **JANUARY), "place = 5 is no text"),
        (lambda city: city.comfort(place="co", season=cast(Any, None)), "season = None is no text"),
        (lambda city: city.readings(role=cast(Any, 5), **JANUARY), "role = 5 is no text"),
        (lambda city: city.refunds(cast(Any, 2024)), "season = 2024 is no text"),
        (lambda city: city.refunds("2024-25", policy="CN-XX"), "CN-HA-2018"),
        (lambda city: city.refunds("2024-25", household="H9"), "H9"),
        (lambda city: city.refunds("2024-25", as_of=99), "^as_of 99 is no data version"),
        (lambda city: hw.policy(cast(Any, 5)), "5"),
        (lambda city: hw.policy("CN-HA-2018").refund({}), "season"),
        (lambda city: hw.policy("CN-HA-2018").refund(cast(Any, [1])), "facts"),
        (lambda city: hw.open(cast(Any, 5)), "5"),
    ],
)
def test_a_wrong_call_is_a_value_error_that_names_what_there_is(
    city: hw.City, call: Any, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        call(city)


@pytest.mark.parametrize(
    "since",
    [
        "2025-01-09",
        date(2025, 1, 9),
        pd.Timestamp("2025-01-08T16:00Z"),
        datetime(2025, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai")),
    ],
)
def test_a_period_is_given_as_text_day_or_time(city: hw.City, since: Any) -> None:
    given = city.comfort(place="co", since=since, until=JANUARY["until"])
    pd.testing.assert_frame_equal(given, city.comfort(place="co", **JANUARY))


def test_every_frame_says_its_units_and_every_unit_is_of_a_column(city: hw.City) -> None:
    frames = [
        city.comfort(place="co", **JANUARY), city.outages(place="co", **JANUARY),
        city.readings("H1", **JANUARY), city.coverage("H1", **JANUARY), city.refunds("2024-25"),
        city.energy("household", place="co", **JANUARY), city.balance(place="co", **JANUARY),
        city.signature("building", place="co", **JANUARY),
        city.degree_days(place="co", **JANUARY),
        hw.decode("native", '{"channel":"t","value":1,"unit":"Cel"}'),
    ]  # fmt: skip
    for frame in frames:
        units = frame.attrs["units"]
        numbers = set(frame.select_dtypes("number").columns)
        assert numbers <= set(units) <= set(frame.columns), units
    assert frames[4].attrs["units"]["total"] == "CNY"
    assert frames[-1].attrs["units"]["value"] == "Cel"


def test_values_of_several_quantities_have_their_unit_beside_them() -> None:
    both = hw.decode(
        "native", '[{"channel":"t","value":1,"unit":"Cel"},{"channel":"p","value":1,"unit":"bar"}]'
    )
    assert both["unit"].tolist() == ["Cel", "bar"]
    assert not both.attrs["units"]["value"]


def test_reading_writes_nothing(tmp_path: Path) -> None:
    path, world = town(tmp_path)
    row = {"series": 1, "at": NOW, "value": 20_000, "quality": 0, "time_kind": 0, "revision": 0}
    row |= {"part": 0, "feed": 1, "message": 1}
    world.journal.append(pa.RecordBatch.from_pylist([row], schema=READING), messages=1, now=NOW)
    before = world.readings.lake.last_flush().number
    refunds = hw.open(path).refunds("2024-25")
    assert refunds.attrs["data_version"] == before == world.readings.lake.last_flush().number
    world.books.dispose()


def test_the_examples_of_a_city_are_what_they_say(city: hw.City) -> None:
    for name in ("comfort", "outages", "readings", "coverage", "refunds", "energy", "balance"):
        examples = doctest.DocTestFinder().find(getattr(hw.City, name), name, globs={"city": city})
        found = [each for each in examples if each.examples]
        assert found, f"{name} has no example"
        for each in found:
            assert not doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(each).failed


def test_the_order_of_a_series_does_not_matter() -> None:
    times = pd.date_range("2025-01-10", periods=96, freq="15min", tz="Asia/Shanghai")
    series = pd.Series([17.0 + i / 96 for i in range(96)], times)
    mixed = series.sample(frac=1, random_state=7)
    pd.testing.assert_frame_equal(
        hw.degree_hours(mixed, interval="15min"), hw.degree_hours(series, interval="15min")
    )


def test_the_library_has_what_it_lists_and_loads_nothing_before() -> None:
    program = (
        "import heatwatch as hw, sys; "
        "assert 'pandas' not in sys.modules and 'numba' not in sys.modules; "
        "[getattr(hw, name) for name in hw.__all__]; assert set(hw.__all__) <= set(dir(hw))"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        hw.nothing  # noqa: B018
