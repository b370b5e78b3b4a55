"""Who must agree before a refund is owed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from analytics.config import LawConfig, SettlementConfig


@pytest.mark.parametrize("approvals", [0, 3])
def test_one_or_two_people_agree_and_no_other_number(approvals: int) -> None:
    with pytest.raises(ValidationError, match="approvals"):
        SettlementConfig(approvals=approvals)
    assert SettlementConfig().approvals == 1


def test_a_key_that_is_not_known_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match="polices"):
        LawConfig.model_validate({"polices": "folder"})


def late(since: str, rate: str, company: str = "") -> dict[str, Any]:
    return {"since": since, "rate": rate, "document": f"contract of {since}", "company": company}


@pytest.mark.parametrize(
    ("company", "due", "rate"),
    [
        ("co", "2025-05-31", "0.001"), ("co", "2025-06-01", "0.002"), ("b", "2025-06-01", "0.003"),
        ("b", "2024-05-31", "0.001"), ("co", "2023-12-31", None),
    ],
)  # fmt: skip
def test_the_late_fee_that_holds_on_a_due_day_is_the_company_s_own_before_that_of_all(
    company: str, due: str, rate: str | None
) -> None:
    given = (
        late("2024-01-01", "0.001"),
        late("2025-06-01", "0.002"),
        late("2025-01-01", "0.003", "b"),
    )
    config = SettlementConfig.model_validate({"late_fees": given})
    found = config.late_fee(company, date.fromisoformat(due))
    assert (None if found is None else found.rate) == (None if rate is None else Decimal(rate))


@pytest.mark.parametrize(
    "given",
    [
        [late("2024-01-01", "1.5")], [late("2024-01-01", "0.1") | {"document": ""}],
        [late("2024-01-01", "0.1"), late("2024-01-01", "0.2")],
    ],
    ids=["rate", "document", "twice"],
)  # fmt: skip
def test_a_late_fee_that_cant_be_one_is_refused(given: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError, match="late_fees"):
        SettlementConfig.model_validate({"late_fees": given})
