"""Policy files of an older form are read under the keys of today, each with a warning."""

from analytics.law.older import brought_up

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
