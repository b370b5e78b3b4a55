"""Deficits are temperatures below a promised one; each edge stays in or out as the act writes it."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from analytics.law.bands import Band
from analytics.law.cold_days.deficits import Deficit

SOME = {"clause": "1", "refund": "1/2"}


def test_a_deficit_is_a_band_of_temperatures_with_its_edges_in_or_out() -> None:
    """Beijing [2, 4) under 18 °C: above 14, up to 16; Tianjin (2, 6]: from 12, below 16."""
    beijing = Deficit.model_validate({**SOME, "from": "2", "below": "4"}).under(Decimal(18))
    assert (beijing.above, beijing.up_to) == (Decimal(14), Decimal(16))
    tianjin = Deficit.model_validate({**SOME, "above": "2", "up_to": "6"}).under(Decimal(18))
    assert (tianjin.from_, tianjin.below) == (Decimal(12), Decimal(16))
    coldest = Deficit.model_validate({**SOME, "from": "4"}).under(Decimal(20))
    assert (coldest.low, coldest.up_to) == (None, Decimal(16))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"below": "2"}, "give exactly one of 'from' and 'above'"),
        ({"from": "2", "above": "2"}, "give exactly one of 'from' and 'above'"),
        ({"from": "2", "below": "4", "up_to": "4"}, "give 'below' or 'up_to', not both"),
        ({"from": "4", "below": "2"}, "ends at 2 K and begins at 4 K"),
    ],
)
def test_a_deficit_that_can_not_be_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Deficit.model_validate({**SOME, **given})


def test_edges_are_said_in_both_languages() -> None:
    deficit = Deficit.model_validate({**SOME, "above": "2", "up_to": "6"})
    said = "more than 2 K below the promised temperature, up to 6 K: 50 % of the fee"
    assert deficit.words().to("en") == said
    assert "约定温度" in deficit.words().to("zh")
    assert (
        Band.model_validate({**SOME, "below": "14"}).words().to("en")
        == "below 14 °C: 50 % of the fee"
    )
