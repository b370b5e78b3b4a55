"""Policy files of an older form are read under the keys of today, each with a warning."""

from analytics.law.interpretations import FORMER, TITLES, title
from analytics.law.older import brought_up, renamed
from analytics.law.policy import load, parse

OLD = {
    "id": "X",
    "calculators": ["day_band", "outage_time"],
    "scope": "city",
    "clock": {"start": "first_evidence"},
    "gate": {"continuous_h": "48", "mode": "threshold"},
    "bands": [{"below": "18"}],
    "retest": {"value": "lowest_act"},
    "outage": {"clause": "9", "continuous_h": "12", "amount": "share", "notice_if_need_h": "8"},
    "sla": {"measure_h": "24"},
    "readings": [
        {"key": "7.2", "choice": "request_timestamp", "zh": "a"},
        {"key": "7.3", "choice": "natural", "zh": "b"},
        {"key": "9.9", "choice": "own_choice", "zh": "c"},
    ],
}


def test_a_file_of_today_is_left_alone() -> None:
    today = {"id": "X", "interpretations": [{"name": "gate-is-condition"}]}
    assert brought_up(today) == (today, [])


def test_tables_move_to_their_calculators_and_keys_without_choice_go() -> None:
    new, warnings = brought_up(OLD)
    assert new["day_band"]["gate"] == {"continuous_h": "48"}
    assert new["day_band"]["retest"] == {"value": "lowest_record"}
    assert new["outage_time"] == {"clause": "9", "continuous_h": "12"}
    assert not {"scope", "bands", "clock", "outage", "readings"} & set(new)
    assert len(warnings) == 3


def test_the_duty_to_announce_moves_to_the_deadlines_with_its_clause() -> None:
    new, _ = brought_up(OLD)
    assert new["sla"] == {"measure_h": "24", "outage_notice_h": "8", "outage_notice_clause": "9"}


def test_interpretations_get_their_names_also_by_when_the_clock_starts() -> None:
    new, _ = brought_up(OLD)
    assert [each["name"] for each in new["interpretations"]] == [
        "clock-from-first-evidence",
        "recovery-day-not-paid",
        "own-choice",
    ]
    later, _ = brought_up({**OLD, "clock": {"start": "request"}})
    assert later["interpretations"][0]["name"] == "clock-from-request"


def test_a_calculator_that_is_not_listed_gets_no_table() -> None:
    new, _ = brought_up({**OLD, "calculators": ["day_band"]})
    assert "outage_time" not in new


def test_what_was_given_is_not_changed() -> None:
    before = repr(OLD)
    brought_up(OLD)
    assert repr(OLD) == before


def test_an_interpretation_of_a_text_read_anew_is_read_under_its_new_name_with_a_warning() -> None:
    listed = [{"name": "fault-day-is-the-users"}, {"name": "gate-is-condition"}]
    new, warnings = renamed({"interpretations": listed})
    assert [each["name"] for each in new["interpretations"]] == [
        "fault-days-cut-the-episode",
        "gate-is-condition",
    ]
    assert ["fault-day-is-the-users" in each.to("en") for each in warnings] == [True]
    assert set(FORMER.values()) <= set(TITLES)


def test_the_file_of_a_run_keeps_the_names_it_was_made_under() -> None:
    old = load("CN-HA-2018").raw.replace(b"fault-days-cut-the-episode", b"fault-day-is-the-users")
    names = [
        {each.name for each in parse(old, "run", kept=bool(k)).policy.interpretations}
        for k in (1, 0)
    ]
    assert ["fault-day-is-the-users" in each for each in names] == [True, False]
    assert title("fault-day-is-the-users").to("zh") == "涉及用户原因之日由用户承担"
