"""Values of a policy that hold from a day on: what they may be, and what the policy is on which days."""

from datetime import UTC, date, datetime

import pytest

from analytics.law.calculators.outage_time import OutageTimeTable
from analytics.law.clauses import clause_in
from analytics.law.cold_days.table import DayBandTable
from analytics.law.dated import RULES
from analytics.law.overlays import packed
from analytics.law.policy import load, parse
from domain.errors import WrongCall
from domain.time import Span
from tests.analytics.amended import AMENDMENTS, ORDER, SAID, amended, changes, dated, own

HENAN = "CN-HA-2018"
DAY = date(2025, 1, 15)
REFUND = dated("day_band.bands.0.refund", '"3/4"')


def test_each_day_has_the_values_that_are_in_force_on_it() -> None:
    later = date(2025, 2, 1)
    policy = own(REFUND, dated("day_band.bands.0.refund", '"1/2"', str(later))).policy

    def refund(first: date, last: date) -> str:
        return str(policy.at(first, last).table(DayBandTable).bands[0].refund)

    before = DAY.replace(day=14)
    assert refund(before, before) == "1/2"
    assert [refund(day, day) for day in (DAY, date(2025, 1, 31), later)] == ["3/4", "3/4", "1/2"]
    assert [day for day, _ in policy.at(before, later).later] == [DAY, later]
    assert [day for day, _ in policy.at(DAY, later).later] == [later]
    assert policy.at(later, date(2025, 3, 1)).later == ()
    assert policy.at(before, later).at(before, later) == policy.at(before, later)


def test_a_changed_value_is_cited_by_its_clause_and_the_documents() -> None:
    policy = own(
        REFUND, dated("outage_time.continuous_h", '"6"', clause="art. 3; art. 4"),
        dated("outage_time.continuous_h", '"8"', "2025-02-01", document="另一令", clause="art. 1"),
    ).policy  # fmt: skip
    first, then = (each for _, each in policy.later)
    band, other = first.table(DayBandTable).bands
    assert (band.clause, other.clause) == (f"art. 27 ¶2; {ORDER} art. 2", "art. 27 ¶2")
    assert clause_in(band.clause, "zh") == f"第二十七条第二款；《{ORDER}》第二条"
    outage = f"art. 25; {ORDER} art. 3; {ORDER} art. 4"
    assert first.table(OutageTimeTable).clause == outage
    assert then.table(OutageTimeTable).clause == "art. 25; 另一令 art. 1"
    assert policy.table(OutageTimeTable).clause == "art. 25"


def test_a_whole_list_brings_clauses_of_the_document() -> None:
    bands = '[{ below = "18", refund = "1", clause = "art. 7" }]'
    policy = own(dated("day_band.bands", bands)).policy
    assert [each.clause for each in policy.later[0][1].table(DayBandTable).bands] == [
        f"{ORDER} art. 7"
    ]


def test_a_policy_without_them_is_what_it_was() -> None:
    file = load(HENAN)
    assert (file.policy.dated, file.policy.later) == ((), ())
    assert "dated" not in file.policy.plain()
    span = Span(datetime(2024, 11, 14, 16, tzinfo=UTC), datetime(2025, 3, 15, 16, tzinfo=UTC))
    assert file.in_season(span, "Asia/Shanghai") is file
    assert file.policy.at(DAY, DAY) is file.policy


def test_how_a_change_counts_is_no_question_of_a_season_without_one() -> None:
    policy = own(REFUND).policy
    inside = policy.at(date(2024, 11, 15), date(2025, 3, 15))
    after = policy.at(date(2025, 11, 15), date(2026, 3, 15))
    assert {*RULES} <= {each.name for each in inside.interpretations}
    assert not {*RULES} & {each.name for each in after.interpretations}


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([dated("day_band.bands.0.refund", '"3/4"', "2018-04-01")], "day_band.bands.0.refund since 2018-04-01: the policy is in force since 2018-04-01 only; allowed: a later day"),
        ([REFUND, REFUND], "since 2025-01-15: changes twice on this day; allowed: each key once"),
        ([REFUND, dated("day_band.bands", '[{ below = "18", refund = "1" }]')], "day_band.bands since 2025-01-15: changes twice on this day"),
        ([dated("sla.measure_h", '"6"', "2025-02-01"), REFUND], "since 2025-01-15: stands behind a value of 2025-02-01; allowed: by day, the earlier first"),
        ([dated("id", '"X"')], "dated: id since 2025-01-15: does not change from a day on; allowed: keys inside standard, sla, settle, records, outages, supply, day_band, outage_time"),
        ([dated("currency", '"CNY"')], "currency since 2025-01-15: does not change from a day on"),
        ([dated("records.clause", '"art. 1"')], "records.clause since 2025-01-15: does not change from a day on"),
        ([dated("interpretations.gate-is-condition.zh", '"x"')], "does not change from a day on"),
        ([dated("day_band.gate", "")], "day_band.gate since 2025-01-15: no clause stands beside it"),
        ([dated("day_band.gate.clause", '"art. 1"')], "does not change from a day on"),
        ([dated("day_band.bands.0.refund", '"1/2"')], "'1/2' is the value of OWN-2018 already"),
        ([dated("day_band.bands.7.refund", '"3/4"')], "OWN-2018 has no '7' there; allowed: 0, 1"),
        ([dated("day_band.bands.0.refund", '"3/2"')], "own.toml, from 2025-01-15 on: day_band.bands.0.refund = '3/2': out of range"),
        ([dated("standard.temp", '"20"')], "own.toml, from 2025-01-15 on: day_band.bands: the warmest band must end below the standard 20 °C"),
        ([REFUND.replace("clause", "klausel")], "dated.0.clause: this key is needed"),
        ([dated("sla.measure_h", '"6"', document="a; b")], "the document's title, in one line without ;"),
        ([dated("sla.measure_h", '"6"', '"soon"')], "dated.0.since = 'soon'"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused_by_key_and_day(entries: list[str], said: str) -> None:
    with pytest.raises(WrongCall) as wrong:
        own(*entries)
    assert said in str(wrong.value)
    assert all(line.startswith("own.toml") for line in str(wrong.value).splitlines())


def test_a_value_behind_the_end_of_its_act_is_refused() -> None:
    raw = load(HENAN).raw.decode().replace("since = 2018-04-01", "until = 2025-01-15")
    with pytest.raises(WrongCall, match="in force until 2025-01-15 only; allowed: an earlier day"):
        parse((raw.replace(HENAN, "OWN-2018") + SAID + REFUND).encode(), "own.toml")


def test_what_a_change_inside_a_season_means_must_be_said() -> None:
    with pytest.raises(WrongCall) as wrong:
        own(REFUND, dated("outage_time.continuous_h", '"6"'), said="")
    assert "bands.0.refund since 2025-01-15: needs the interpretation 'value-of-the-day'" in str(
        wrong.value
    )
    assert "needs the interpretation 'value-when-it-began'" in str(wrong.value)


def test_an_overlay_dates_its_values_too() -> None:
    file = amended(HENAN, (DAY, AMENDMENTS[HENAN].keys))
    what_if = file.policy.what_if
    assert what_if is not None
    assert {each.since for each in what_if.changes} == {None, DAY}
    (day, then), before = file.policy.later[0], file.policy.table(OutageTimeTable)
    assert (day, then.id, then.what_if) == (DAY, file.policy.id, what_if)
    hours = [str(each.continuous_h) for each in (before, then.table(OutageTimeTable))]
    assert hours == ["12", "3"]
    kept = parse(file.raw, "kept", kept=True)
    assert (kept.policy, kept.sha256) == (file.policy, file.sha256)
    told = file.policy.plain()["what_if"]["changes"]
    assert [each.get("since") for each in told] == [None, None, *["2025-01-15"] * 5]
    assert "since" not in told[0]


def test_an_overlay_of_every_day_leaves_values_alone_that_the_policy_dates() -> None:
    base, day = own(REFUND), date(2025, 2, 1)
    text = 'base = "OWN-2018"\nname = { zh = "改", en = "mine" }\n'
    changed = text + changes({"day_band.bands.0.refund": '"1/3"'}, None)
    with pytest.raises(WrongCall, match="is another value from a later day on in OWN-2018 already"):
        parse(packed(base.raw, changed.encode()), "mine.toml")
    both = text + changes({"day_band.bands.0.refund": '"4/5"'}, day)
    assert [day for day, _ in parse(packed(base.raw, both.encode()), "m").policy.later] == [
        DAY, day,
    ]  # fmt: skip
    other = text + changes({"dated.0.value": '"4/5"'}, None)
    found = parse(packed(base.raw, other.encode()), "m").policy.later[0][1]
    assert str(found.table(DayBandTable).bands[0].refund) == "4/5"
