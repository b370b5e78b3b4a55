"""Each kind of what is missing has a command, of kinds and columns that there are."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from analytics.facts.outstanding import Outstanding, What
from heatwatch.cli.open_actions import ACTIONS, command_for
from heatwatch.cli.open_evidence import MISSING
from store.registry.kinds import KIND_OF

AT = datetime(2025, 1, 11, 4, 0, 30, tzinfo=UTC)


def of(what: What, *rooms: str) -> str:
    each = Outstanding(what, "H1", AT, None, 1, Decimal(1), "CNY", rooms=rooms)
    return command_for(each, "2025", ZoneInfo("Asia/Shanghai"))


def test_every_kind_has_one() -> None:
    assert {*ACTIONS} == {*MISSING} == {each.value for each in What}


@pytest.mark.parametrize("what", list(What), ids=lambda each: each.value)
def test_what_is_recorded_has_columns_of_its_kind(what: What) -> None:
    told = re.fullmatch(r"heatwatch evidence record (\w+) (.*)", of(what))
    if told is None:
        assert of(what).startswith(
            ("heatwatch settle payments decide", "heatwatch registry import")
        )
        return
    kind = KIND_OF[told[1]]
    given = set(re.findall(r"(\w+)=", told[2]))
    assert given <= set(kind.names)
    key = {name for name in kind.key if not kind.columns[kind.at[name]].may_be_empty}
    assert key <= given


def test_room_and_time_are_those_of_what_is_missing() -> None:
    assert "room=H1-bed " in of(What.MEASUREMENT, "H1-bed", "H1-living")
    assert "room=ROOM " in of(What.ANSWER)
    assert 'since="2025-01-11 12:00:30"' in of(What.OUTAGE_END)
