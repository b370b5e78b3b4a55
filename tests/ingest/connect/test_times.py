"""How times are written, read off from values."""

from decimal import Decimal
from typing import Any

import pytest

from ingest.connect.times import TimeForm, form_of, looks_like_time, time_member, unread_time
from tests.ingest.connect.messages import NOW_US

ISO = TimeForm("iso", local=True)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["2026/11/28 22:00:00"], ISO),
        (["2026年11月28日 22:00:00"], ISO),
        (["2026-1-5 8:00", None], ISO),
        (["2026-11-28T24:00:00+08:00"], TimeForm("iso")),
        (["2026-11-28 22:00:00 +0800"], TimeForm("iso")),
        (["20261128220000"], TimeForm("", "%Y%m%d%H%M%S", local=True)),
        ([20261128220000], TimeForm("", "%Y%m%d%H%M%S", local=True)),
        ([202611282200], TimeForm("", "%Y%m%d%H%M", local=True)),
        ([261128220000], TimeForm("", "%y%m%d%H%M%S", local=True)),
        (["28.11.2026 22:00"], TimeForm("", "%d.%m.%Y %H:%M", local=True)),
        (["1795327200", 1795327260], TimeForm("s")),
        ([Decimal("1795327200.5")], TimeForm("s")),
        (["0000-00-00", "2026/11/28 22:00:00", "2026/11/28 22:01:00"], ISO),
        (["2026-11-28"], None),
        (["1111-11-11T11:11:11Z"], None),
        ([21.5, "21.5", 5], None),
        ([True], None),
        ([None], None),
        ([], None),
    ],
)  # fmt: skip
def test_a_form_reads_most_of_the_values(values: list[Any], expected: TimeForm | None) -> None:
    assert form_of(values, NOW_US) == expected


def test_of_two_days_the_one_nearer_to_the_receipt_is_meant_and_the_other_is_told() -> None:
    day_first, month_first = "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"
    assert form_of(["12/11/2026 22:00"], NOW_US) == TimeForm("", day_first, True, (month_first,))
    assert form_of(["11/12/2026 22:00"], NOW_US) == TimeForm("", month_first, True, (day_first,))
    both = ["12/11/2026 22:00", "13/11/2026 22:00"]
    assert form_of(both, NOW_US) == TimeForm("", day_first, True)


def test_the_outermost_member_is_the_time_then_the_one_of_the_usual_name() -> None:
    records = [
        {"sendTime": 1795327200, "ts": 1795327201, "m": {"time": 1795327202}, "u": 1795327203}
    ]
    member = time_member(records, [], NOW_US)
    assert member is not None
    assert (member.name, member.path) == ("ts", "$.ts")
    assert time_member([{"t": 21.5}], [], NOW_US) is None
    assert time_member([{"m": {"ts": 1795327200}}, {"t": 1}], [], NOW_US) is None


def test_what_is_around_the_records_is_looked_at_for_a_time_that_is_not_read() -> None:
    assert unread_time([{"t": 21.5}], [{"采集时间": "22:00:00"}]) == ("$.采集时间", "22:00:00")
    assert unread_time([{"t": "12:30", "ts": 5}], []) == ("$.t", "12:30")
    assert not looks_like_time(12_345_678)
    assert not looks_like_time("-12.5")
