"""Terms of a facts file that change: each row says all that holds from a local day on."""

from typing import Any

import pytest

from analytics.facts.changed_terms import changes_of
from analytics.facts.facts_file import from_facts
from domain.contract_terms import terms_from
from domain.errors import WrongCall
from domain.time import from_us
from tests.analytics.settlement.test_settle import cold_week


def taken(*rows: dict[str, Any], **more: Any) -> Any:
    facts = {**cold_week(), "contract_changes": list(rows), **more}
    return from_facts(facts, "CN-HA-2018").snapshot


def test_a_row_without_a_fee_or_a_term_has_the_fee_of_the_contract_and_no_such_term() -> None:
    snapshot = taken(
        {"since": "2025-01-12T00:00", "season_fee": "1210.00", "document": "notice 1"},
        {"since": "2025-02-01T00:00"},
        contract={"agreed": "20"},
    )
    first, second, third = changes_of(snapshot.changes[0])
    assert (first.fee, first.terms) == ("2420.00", terms_from({"agreed": "20"}).kept())
    assert (second.fee, second.terms, second.document) == ("1210.00", "", "notice 1")
    assert (third.fee, third.terms) == ("2420.00", "")
    assert f"{from_us(second.since):%Y-%m-%dT%H}" == "2025-01-11T16"
    assert (snapshot.fee, snapshot.terms) == (("2420.00",), (first.terms,))


def test_an_area_of_a_day_stands_beside_that_of_the_dwelling() -> None:
    row = {"since": "2025-01-12T00:00", "area": "90.0"}
    first, second = changes_of(taken(row, area="100", room_area={"bedroom": "20"}).changes[0])
    assert (first.area, second.area) == ("100", "90.0")
    assert taken(row | {"area": "100.00"}, area="100", room_area={"bedroom": "20"}).changes == ()
    with pytest.raises(WrongCall, match=r"contract_changes\.area: '0'; allowed: above 0"):
        taken(row | {"area": "0"})


def test_a_row_of_the_first_day_is_what_the_season_begins_with() -> None:
    snapshot = taken({"since": "2024-11-15T00:00", "season_fee": "1210.00", "agreed": "20"})
    assert (snapshot.fee, snapshot.changes) == (("1210.00",), ())
    assert snapshot.terms == (terms_from({"agreed": "20"}).kept(),)


def test_rows_are_ordered_by_their_days_however_they_are_written() -> None:
    snapshot = taken({"since": "2025-02-01T00:00"}, {"since": "20250101T0000", "season_fee": "1"})
    days = [f"{from_us(each.since):%Y-%m-%d}" for each in changes_of(snapshot.changes[0])]
    assert days == ["2024-11-14", "2024-12-31", "2025-01-31"]  # UTC


def test_a_day_begins_later_where_its_clocks_skip_midnight() -> None:
    facts = {
        **cold_week(),
        "season": ["2018-09-01T00:00", "2018-12-01T00:00"],
        "zone": "America/Sao_Paulo",
        "rooms": {"bedroom": []},
        "requests": [],
        "contract_changes": [{"since": "2018-11-04T01:00", "season_fee": "1.00"}],
    }
    changes = changes_of(from_facts(facts, "CN-HA-2018").snapshot.changes[0])
    assert [each.fee for each in changes] == ["2420.00", "1.00"]


NEW_YEAR = {"since": "2025-01-01T00:00", "season_fee": "1210.00"}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"season_fee": "1.00"}], "contract_changes.since"),
        ([NEW_YEAR | {"since": "2025-01-01T08:00"}], "allowed: the begin of a local day of the season, 2024-11-15T00:00 to before 2025-03-16T00:00"),
        ([NEW_YEAR | {"since": "2024-11-14T00:00"}], "contract_changes.since: 2024-11-14T00:00"),
        ([NEW_YEAR | {"since": "2025-03-16T00:00"}], "contract_changes.since: 2025-03-16T00:00"),
        ([NEW_YEAR, NEW_YEAR], "two rows begin then"),
        ([NEW_YEAR | {"until": "2025-02-01T00:00"}], "contract_changes.until: 2025-02-01T00:00; allowed: none, or where the next row begins"),
        ([NEW_YEAR | {"until": "2025-02-01T00:00"}, {"since": "2025-01-20T00:00"}], "contract_changes.until"),
        ([NEW_YEAR | {"until": "2025-02-01T00:00"}, {"since": "2025-02-03T00:00"}], "contract_changes.until"),
        ([NEW_YEAR | {"season_fee": "-1"}], "season_fee"),
        ([NEW_YEAR | {"agred": "20"}], "contract.agred"),
        ([NEW_YEAR | {"agreed": "11"}], "contract.agreed: 11"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(rows: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(WrongCall, match=said.replace(".", r"\.")):
        taken(*rows)


def test_a_row_may_say_its_end_where_the_next_begins_and_where_the_season_ends() -> None:
    rows = (
        NEW_YEAR | {"until": "2025-02-01T00:00"},
        {"since": "2025-02-01T00:00", "until": "2025-03-16T00:00"},
    )
    assert len(changes_of(taken(*rows).changes[0])) == 3
