"""A report is made of a period that is over."""

import pytest

from domain.errors import WrongCall
from reports.kinds import KINDS, kind_of
from tests.reports.making import made
from tests.reports.test_report import TODAY
from tests.tiny import Tiny


@pytest.mark.parametrize("kind", KINDS)
def test_a_period_that_is_not_over_is_refused(tiny: Tiny, kind: str) -> None:
    period = kind_of(kind).period(TODAY)
    days = sorted({f"{period.first}", f"{period.last}"})
    with pytest.raises(WrongCall, match=f"{kind} report of {' to '.join(days)} has not ended"):
        made(tiny, kind, TODAY)
