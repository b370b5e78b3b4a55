"""`heatwatch comfort` and `heatwatch outages` from registry files and a lake to the answer."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from domain.errors import WrongCall
from domain.time import HOUR_US
from heatwatch.cli.comfort import decimals
from heatwatch.output import decimal
from tests.heatwatch.cli.small_city import DAY, answer, config, run

__all__ = ["config"]  # fixtures


def test_each_home_is_told_by_its_worst_covered_room(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(config, capsys, "comfort", "--base", "18", *DAY)
    assert found["homes"] == [
        {
            "household": "H1", "room": "H1-bed", "hours_below": "6.000", "degree_hours": "3.000",
            "hours_known": "24.000", "hours_missing": "0.000", "coverage": "1.000000",
        },
        {
            "household": "H2", "room": "H2-bed", "hours_below": "12.000", "degree_hours": "12.000",
            "hours_known": "21.250", "hours_missing": "2.750", "coverage": "0.885417",
        },
    ]  # fmt: skip


def test_without_a_base_each_room_is_held_against_what_the_seasons_law_owes_it(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fixed, by_law = (
        answer(config, capsys, "comfort", *base, *DAY) for base in (["--base", "18"], [])
    )
    assert (fixed["policy"], by_law["policy"]) == (None, "CN-HA-2018")
    assert by_law["homes"] == fixed["homes"]
    assert by_law["base"] == "18"


def test_every_covered_room_on_request_and_no_bathroom(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(config, capsys, "comfort", "--rooms", "--place", "H1", *DAY)
    assert [each["room"] for each in found["rooms"]] == ["H1-bed", "H1-living"]


def test_the_table_puts_the_coldest_first_in_the_language_asked_for(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(config, "comfort", *DAY, "--lang", "en")
    text = capsys.readouterr().out
    assert text.index("H2-bed") < text.index("H1-bed")
    run(config, "comfort", *DAY, "--lang", "zh")
    assert "低于 CN-HA-2018 对各房间规定的室温" in capsys.readouterr().out.replace("\n", "")


def test_a_stop_of_five_hours_is_found(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(config, capsys, "outages", *DAY)
    assert found["stations"] == 1
    assert found["outages"] == [
        {
            "station": "S1-01", "since": "2025-01-10T00:00:00+00:00",
            "until": "2025-01-10T05:00:00+00:00", "ended": True, "hours": "5.000",
            "hours_lost": "5.000", "hours_unknown": "0.000", "hours_by_schedule": "0.000",
            "least_flow_l_h": 0, "least_supply_c": "45.000", "recorded": "not",
            "proposal": "S1-01@20250110T000000Z+18000",
            "speaks_for": ["flow down to 0 m³/h", "supply down to 45 °C"],
            "speaks_against": ["secondary supply up to 45 °C"],
            "begins_late_min": None, "ends_early_min": None, "between_min": None,
            "homes": 2, "homes_short": 2, "records": [],
        }
    ]  # fmt: skip
    assert answer(config, capsys, "outages", *DAY, "--off", "07:00-14:00")["outages"] == []
    run(config, "outages", *DAY, "--lang", "zh")
    assert "01-10 08:00" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("comfort", "--base", "warm"), "--base 'warm' is not a temperature"),
        (("comfort", "--base", "18.0005"), "in ticks of 0.001"),
        (("comfort", "--base", "nan"), "--base 'nan'"),
        (("comfort", "--base", "500"), "-60 to 200"),
        (("comfort", "--place", "nowhere"), "place 'nowhere' is not in the registry"),
        (("comfort", "--season", "1999"), "there are: 2024-25"),
        (("comfort", "--lang", "xx", *DAY), "language 'xx' is not known; allowed: en, "),
        (("comfort", "--since", "yesterday"), "expected YYYY-MM-DD"),
        (("comfort", "--until", "2025-01-10"), "needs --since"),
        (("comfort", "--since", "2025-01-10", "--until", "2025-01-10"), "is not before --until"),
        (("comfort", "--season", "2024-25", "--since", "2025-01-10"), "exclude each other"),
        (("comfort", "--since", "2999-01-10"), "is not before --until"),
        (
            ("comfort", "--since", "2999-01-10", "--until", "2999-01-11"),
            "nothing is known yet: 2999-01-10 has not begun; today is 20",
        ),
        (("comfort", "--since", "2020-01-10"), "at most 366 days"),
        (("outages", "--off", "night", *DAY), "--off: window 'night' is not of the form"),
    ],
)
def test_a_wrong_call_is_told_with_what_is_allowed(
    config: Path, arguments: tuple[str, ...], told: str
) -> None:
    with pytest.raises(WrongCall) as wrong:
        run(config, *arguments)
    assert told in str(wrong.value)


def test_a_citys_numbers_are_rounded_as_one_is() -> None:
    rng = np.random.default_rng(8)
    year = 366 * 24 * HOUR_US
    known = np.concatenate(
        [rng.integers(0, year, 500), [0, 1, HOUR_US // 2000, HOUR_US * 3 // 2000]]
    )
    total = np.maximum(known, rng.integers(1, year, known.size))
    deficit = known * rng.integers(0, 260_000, known.size)
    for over, under, thousandths in (
        (known, HOUR_US, 1), (deficit, 1000 * HOUR_US, 1), (known, total, 2), (total, total, 2),
    ):  # fmt: skip
        exact = map(Fraction, over.tolist(), np.broadcast_to(under, over.shape).tolist())
        expected = [str(decimal(each, 3 * thousandths)) for each in exact]
        assert list(map(str, decimals(over, under, thousandths))) == expected
