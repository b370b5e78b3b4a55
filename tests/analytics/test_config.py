"""Who must agree before a refund is owed."""

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
