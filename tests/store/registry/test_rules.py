"""What contradicts itself or the registry is refused, and only that."""

from pathlib import Path

from sqlalchemy import Engine

from domain.actor import By
from store.registry.importing import import_registry
from tests.actors import TEST
from tests.store.city import AUTUMN, SWAP, City, change, city, city_without_runs, write_city
from tests.store.registry.imports import Import, load, said

__all__ = ["load"]  # fixtures


def test_a_series_keeps_its_quantity(load: Import) -> None:
    load(city())
    rows = city()
    rows["series"][6][2] = "power"
    report = load(rows)
    assert said(report) == [("series.csv", 8, "role", "power")]
    assert "end it with until and begin a new one" in str(report.refused[0].why)


def test_two_series_of_one_channel_at_one_time_are_both_refused(load: Import) -> None:
    rows = city()
    rows["series"][1][6] = ""  # the series before the swap has no end
    report = load(rows)
    assert [(row, column) for _, row, column, _ in said(report)] == [(3, "since"), (4, "since")]
    assert "series.csv row 4" in str(report.refused[0].why)
    assert "end the earlier one where the later begins" in str(report.refused[0].why)


def test_a_series_that_overlaps_with_the_registry_is_refused_alone(load: Import) -> None:
    load(city())
    rows: City = {"series": [["liv", "t", "room_temperature", "H1-bath", "900", SWAP, ""]]}
    report = load(rows)
    assert report.total("refused") == 1
    assert "the series of the registry" in str(report.refused[0].why)


def test_a_refused_end_of_a_series_refuses_its_successor_too(load: Import) -> None:
    rows = city()
    rows["series"] = [["old", "t", "room_temperature", "H1-bed", "900", AUTUMN, ""]]
    load(rows)
    old = ["old", "t", "room_temperature", "H1-bed", "0", AUTUMN, SWAP]
    new = ["old", "t", "room_temperature", "H2-bed", "900", SWAP, ""]
    report = load({"series": [old, new]})
    assert [row for _, row, _, _ in said(report)] == [2, 3]


def test_a_contract_for_another_companys_season_is_refused(load: Import) -> None:
    rows = city()
    rows["places"].append(["other", "company", "", "", "", "", "", "", AUTUMN, ""])
    rows["seasons"].append([*rows["seasons"][0]])
    rows["seasons"][1][:2] = ["theirs", "other"]
    rows["contracts"] = [["H1", "theirs", "", "100", "CNY", ""]]
    rows["contract_terms"] = []
    report = load(rows)
    assert [str(each.why) for each in report.refused] == [
        "is a season of another company than the household's"
    ]


def test_a_season_keeps_its_company_whatever_the_reason(
    books: Engine, load: Import, tmp_path: Path
) -> None:
    rows = city_without_runs()
    rows["places"].append(["other", "company", "", "", "", "", "", "", AUTUMN, ""])
    load(rows)
    theirs = {"seasons": [["2025", "other", *rows["seasons"][0][2:]]]}
    why = By(TEST.actor, TEST.at, "it was sold to them")
    report = import_registry(books, [write_city(tmp_path / "theirs", theirs)], by=why)
    assert said(report) == [("seasons.csv", 2, "company", "other")]
    assert "is company 'demo' in the registry" in str(report.refused[0].why)
    assert load(rows).total("changed") == 0


def test_two_contracts_of_a_household_for_one_time_are_both_refused(
    books: Engine, tmp_path: Path, load: Import
) -> None:
    rows = city()
    rows["seasons"].append([*rows["seasons"][0]])
    rows["seasons"][1][0] = "again"
    rows["contracts"] = [["H1", "2025", "", "9", "CNY", ""], ["H1", "again", "", "9", "CNY", ""]]
    rows["contract_terms"] = []
    report = load(rows)
    assert [(each.row, str(each.why)) for each in report.refused] == [
        (2, "overlaps with the season of contracts.csv row 3"),
        (3, "overlaps with the season of contracts.csv row 2"),
    ]
    load({"contracts": rows["contracts"][:1]})
    (tmp_path / "city" / "contracts.csv").unlink()
    report = load({"contracts": rows["contracts"][1:]})
    assert [str(each.why) for each in report.refused] == [
        "overlaps with the season of the registry"
    ]


def test_a_contract_outside_the_households_time_is_refused(load: Import) -> None:
    report = load(change(city(), "places", "H2", "until", "2025-11-01T00:00:00+08:00"))
    why = {each.file: str(each.why) for each in report.refused}
    assert why.pop("contracts.csv") == "lies outside the time in which the household exists"
    assert why.keys() == {"fee_spans.csv", "user_faults.csv", "refusals.csv"}  # of H2, too
    assert all("H2 is not there then" in each for each in why.values())


def test_a_season_that_does_not_begin_at_its_own_midnight_is_taken_with_a_warning(
    load: Import,
) -> None:
    rows = {name: city()[name] for name in ("places", "seasons")}
    at, zone = {"since": 3, "until": 4}, 5
    rows["seasons"][0][at["since"]] = "2024-11-10T00:00:00+08:00"
    rows["seasons"][0][at["until"]] = "2025-03-26T00:00:00+06:00"
    rows["seasons"][0][zone] = "Asia/Urumqi"
    report = load(rows)
    assert report.clean
    (doubt,) = report.doubtful
    assert (doubt.column, doubt.row) == ("since", 2)
    assert "is 22:00 in Asia/Urumqi, not midnight" in str(doubt)


def test_a_season_of_whole_days_brings_no_warning_across_a_change_of_the_clock(
    load: Import,
) -> None:
    rows = {name: city()[name] for name in ("places", "seasons")}
    rows["seasons"][0][3:6] = [
        "2024-10-15T00:00:00+02:00", "2025-03-01T00:00:00+01:00", "Europe/Belgrade",
    ]  # fmt: skip
    assert load(rows).doubtful == ()


def test_a_fee_below_the_basic_fee_on_record_waits_for_its_correction(
    books: Engine, tmp_path: Path, load: Import
) -> None:
    load(city())
    rows = change(city(), "contracts", "H1", "season_fee", "500")["contracts"]
    folder = write_city(tmp_path / "less", {"contracts": rows})
    said_so = By(TEST.actor, TEST.at, "half the flat was sold")
    report = import_registry(books, [folder], by=said_so)
    assert [str(each.why) for each in report.refused] == [
        "is below the basic fee of its contract_terms, 600.00; correct that first"
    ]
    terms = {"contract_terms": [["H1", "2025", "20", "150", "", "", ""]]}
    assert import_registry(books, [write_city(tmp_path / "terms", terms)], by=said_so).clean
    assert import_registry(books, [folder], by=said_so).clean


def test_terms_that_say_nothing_are_refused(load: Import) -> None:
    rows = city()
    rows["contract_terms"] = [["H1", "2025", "", "", "", "contract 7", ""]]
    assert [str(each.why) for each in load(rows).refused] == [
        "give agreed, basic_fee, heat_price, bands, season_fee, area_m2 or use = non_residential"
    ]


def test_a_temperature_is_only_of_what_is_decided_as_below(load: Import) -> None:
    rows = change(city(), "decisions", "H1-bed", "temperature", "15.5")
    assert load(rows).clean
    warm = change(rows, "decisions", "H1-bed", "outcome", "compliant")
    assert [str(each.why) for each in load(warm).refused] == ["only for an outcome below"]


def test_an_objection_is_upheld_by_a_later_run_and_dismissed_by_a_document(load: Import) -> None:
    rows = city()
    [row] = rows["objections"]
    household, _, *rest = row
    answers = [("upheld", "", ""), ("upheld", "3", ""), ("dismissed", "", ""), ("open", "4", "")]
    rows["objections"] = [
        [household, f"2026-05-2{i}T09:00:00+08:00", *rest[:4], *each]
        for i, each in enumerate([*answers, ("upheld", "4", ""), ("dismissed", "", "letter 9")])
    ]
    assert [(each.row, str(each.why)) for each in load(rows).refused] == [
        (2, "must name the later run that corrects run 3"),
        (3, "must name the later run that corrects run 3"),
        (4, "must name what dismisses the objection"),
        (5, "must be empty: the objection is not upheld"),
    ]
