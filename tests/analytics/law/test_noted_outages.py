"""Which outages count that were announced, or were not the supplier's own."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

from analytics.facts.from_books import take
from analytics.facts.season_days import SeasonDays
from analytics.facts.snapshot import Snapshot, snapshot_of
from analytics.law.noted_outages import counted, excused_days, none_counts
from analytics.law.policy import PolicyFile, load, parse
from analytics.law.steps import shown
from analytics.settlement.restate import changed
from analytics.settlement.settle import settle
from domain.errors import WrongCall
from store.books import facts
from tests.analytics.books import NOW, add, local, readings, season
from tests.analytics.cities import source

HENAN = "CN-HA-2018"
OUT = 'clause = "art. 25"\n\n[[interpretations]]'


def henan(table: str = "") -> PolicyFile:
    """The act, with or without a table that leaves outages out."""
    raw = load(HENAN).raw.decode()
    if table:
        raw = raw.replace(
            "[[interpretations]]", f'[outages]\n{table}\nclause = "test"\n\n[[interpretations]]', 1
        )
    return parse(raw.encode(), "CN-HA-2018.toml")


def outage(**more: Any) -> facts.OutageRecord:
    return facts.OutageRecord(place_id=3, since=local(22), **{"until": local(23), **more})


def taken(books: Engine) -> Snapshot:
    return take(books, season(books), NOW)


def paid(books: Engine, policy: PolicyFile) -> Decimal:
    """What H1 is refunded: 50.00 for cold days, and 20.00 for an outage of a day."""
    return settle(taken(books), source(readings()), policy, flush=0, trial=True).results[0].total


def test_what_is_not_recorded_changes_no_byte(books: Engine) -> None:
    assert taken(books).noted_outages is None
    assert b"noted" not in taken(books).canonical()
    add(books, outage(cause="user"))
    assert taken(books).noted_outages is None
    assert counted(taken(books), henan().policy).outages.count().tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("more", [
    {"cause": "third_party"}, {"cause": "force_majeure"},
    {"cause": "operator", "announced_at": local(22) - timedelta(days=9)},
])  # fmt: skip
def test_it_counts_where_the_policy_says_nothing_of_it(books: Engine, more: dict[str, Any]) -> None:
    before = taken(books)
    add(books, outage(**more))
    own = taken(books)
    assert own.outages.count().tolist() == [0, 0, 1, 1]
    assert counted(own, henan().policy).outages.count().tolist() == [1, 1, 1, 1]
    assert paid(books, henan()) == Decimal("70.00")
    assert snapshot_of(own.canonical(), own.sha256()).canonical() == own.canonical()
    found = changed(before, own, np.empty(0, dtype=np.int32))
    assert (found.why_all, np.flatnonzero(found.rows).tolist()) == (None, [0, 1])


@pytest.mark.parametrize(
    ("table", "more", "amount"),
    [
        ('causes = ["force_majeure"]', {"cause": "force_majeure"}, "50.00"),
        ('causes = ["force_majeure"]', {"cause": "third_party"}, "70.00"),
        ('announced_h = "72"', {"announced_at": local(22) - timedelta(hours=72)}, "50.00"),
        ('announced_h = "72"', {"announced_at": local(22) - timedelta(hours=71)}, "70.00"),
        ('announced_h = "72"', {"cause": "third_party"}, "70.00"),
    ],
)
def test_what_the_policy_leaves_out_pays_nothing_and_the_sheet_cites_it(
    books: Engine, table: str, more: dict[str, Any], amount: str
) -> None:
    add(books, outage(**more))
    law = henan(table)
    assert paid(books, law) == Decimal(amount)
    result = settle(taken(books), source(readings()), law, flush=0, trial=True).results[0]
    steps = {each["step"]: each for each in result.steps}
    out = amount == "50.00"
    told = steps["outage_left_out" if out else "outage_noted"]
    assert told["clause"] == ("test" if out else "")
    assert ("it pays nothing" if out else "it counts") in shown(told, "en")


def test_a_household_whose_outages_are_all_left_out_reads_so(books: Engine) -> None:
    add(
        books, facts.OutageRecord(place_id=5, since=local(22), until=local(23), cause="third_party")
    )
    law = henan('causes = ["third_party"]')
    own = taken(books)
    assert none_counts(own, law.policy).tolist() == [True, True, False, False]
    add(books, facts.OutageRecord(place_id=5, since=local(25), until=None, cause="force_majeure"))
    assert not none_counts(taken(books), law.policy).any()
    open_ = counted(taken(books), law.policy).open_outages
    assert open_ is not None
    assert open_.count().tolist() == [1, 1, 0, 0]


def test_a_table_that_leaves_nothing_out_is_refused() -> None:
    with pytest.raises(WrongCall, match="give 'announced_h', 'causes' or both"):
        henan("causes = []")


EXCUSES = 'causes = ["force_majeure"]\nexcuses_cold = true'


@pytest.mark.parametrize(
    ("more", "excused"),
    [
        ({"cause": "force_majeure"}, [22, 23]),
        ({"cause": "force_majeure", "until": local(23)}, [22]),
        ({"cause": "force_majeure", "until": None}, []),
        ({"cause": "third_party"}, []),
        ({"cause": "operator"}, []),
    ],
)
def test_days_that_an_outage_of_an_excusing_cause_touches_are_excused(
    books: Engine, more: dict[str, Any], excused: list[int]
) -> None:
    add(books, outage(**{"until": local(23, 1), **more}))
    own, days = taken(books), SeasonDays.of(taken(books).season)
    law = load("CN-XJ-URUMQI-2002").policy
    found = excused_days(own, law, days)
    touched = [] if found is None else np.argwhere(found).tolist()
    begin = days.days.index(local(22).date())
    assert touched == [[home, begin + day - 22] for home in (0, 1) for day in excused]
    assert excused_days(own, load(HENAN).policy, days) is None


def test_a_policy_excuses_by_cause_only_with_what_knows_it() -> None:
    with pytest.raises(WrongCall, match=r"outages\.excuses_cold needs the interpretation"):
        henan(EXCUSES)
    with pytest.raises(WrongCall, match="'excuses_cold = true' goes with 'causes'"):
        henan('announced_h = "72"\nexcuses_cold = true')
    with pytest.raises(WrongCall, match=r"outages\.excuses_cold: degree_hour does not know it"):
        parse(
            load("RU-354").raw.replace(
                b"[[interpretations]]",
                f'[outages]\n{EXCUSES}\nclause = "a"\n\n[[interpretations]]'.encode(),
                1,
            ),
            "ru.toml",
        )
