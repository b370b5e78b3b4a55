"""The head of a letter names every fee of a season."""

from reports.letters.page import to_text
from tests.reports.letters.cases import COLD, HENAN, full, made


def test_a_fee_that_changes_inside_the_season_is_named_with_its_day() -> None:
    changes = [
        {"since": "2025-01-15", "season_fee": "1210.00", "document": "contract 8"},
        {"since": "2025-02-01", "season_fee": "1210", "agreed": "19"},  # the same fee
    ]
    own = made(HENAN, {"bed": COLD}, contract_changes=changes)
    english = to_text(own, "en").decode()
    assert "Heating fee of the season: CNY 2,420.00; CNY 1,210.00 from 2025-01-15 on\n" in english
    assert "；" not in english
    assert "；2025年1月15日起 1,210.00 元\n" in to_text(own, "zh").decode()


def test_a_fee_that_holds_throughout_stands_alone() -> None:
    assert "Heating fee of the season: CNY 2,420.00\n" in to_text(full(), "en").decode()
