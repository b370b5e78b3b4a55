"""Whose a sealed row is: by its place, its device's series, its tariff's contracts, its change's rows."""

import pytest

from store.evidence.owners import NOBODY, Companies, Owners

ONE, TWO = frozenset({1}), frozenset({2})
BOTH = ONE | TWO


@pytest.fixture(scope="module")
def owners() -> Owners:
    """Two companies, 1 and 2, with a household each (11, 12) and a place below no company (13)."""
    made = Owners()
    rows = (
        ("1", "a", "company", ""), ("2", "b", "company", ""), ("11", "h1", "household", "1"),
        ("12", "h2", "household", "2"), ("13", "h3", "household", ""),
    )  # fmt: skip
    names = ("id", "code", "kind", "parent_id")
    made.put_places(dict(zip(names, row, strict=True)) for row in rows)
    series = (("1", "11"), ("2", "12"), ("3", "11"), ("3", "12"))
    made.put_series({"device_id": device, "place_id": place} for device, place in series)
    made.put_devices({"id": str(i), "code": f"d{i}"} for i in range(1, 5))
    made.put_seasons(iter([{"code": "s1", "company_id": "1"}]))
    tariffs = ({"id": str(i), "code": f"t{i}"} for i in (1, 2))
    contracts = [{"tariff_id": "1", "household_id": "12"}, {"tariff_id": "", "household_id": "11"}]
    made.put_tariffs(tariffs, iter(contracts))
    written = [{"household_id": "11", "change_id": "7", "ended_id": "9"}]
    made.put_changes("request", iter(written))
    made.put_changes("request", iter([{"household_id": "12", "change_id": "9", "ended_id": ""}]))
    made.put_changes(
        "device", iter([{"id": "4", "change_id": "10"}, {"id": "2", "change_id": "10"}])
    )
    return made


@pytest.mark.parametrize(
    ("table", "row", "whose"),
    [
        ("place", {"id": "11"}, ONE),
        ("place", {"id": "13"}, NOBODY),
        ("request", {"household_id": "12"}, TWO),
        ("policy_confirmation", {"company_id": "2"}, TWO),
        ("certificate", {"device_id": "3"}, BOTH),
        ("device", {"id": "4"}, NOBODY),
        ("tariff", {"code": "t1"}, TWO),
        ("tariff", {"code": "t2"}, NOBODY),
        ("registry_edit", {"kind": "series", "key": "d1 / t / 2024"}, ONE),
        ("registry_edit", {"kind": "places", "key": "h2"}, TWO),
        ("registry_edit", {"kind": "seasons", "key": "s1"}, ONE),
        ("registry_edit", {"kind": "devices", "key": "d9"}, NOBODY),
        ("change_record", {"id": "7"}, ONE),
        ("change_record", {"id": "9"}, BOTH),
        ("change_record", {"id": "10"}, NOBODY),
        ("change_record", {"id": "99"}, NOBODY),
    ],
)
def test_whose_a_row_is(owners: Owners, table: str, row: dict[str, str], whose: Companies) -> None:
    assert owners.of(table, row) == whose
    assert owners.is_anothers(1, table, row) is (whose == TWO)


def test_one_company_alone_shares_with_nobody(owners: Owners) -> None:
    alone = Owners()
    alone.put_places(iter([{"id": "1", "code": "a", "kind": "company", "parent_id": ""}]))
    assert (alone.several, owners.several) == (False, True)
