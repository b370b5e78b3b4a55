"""Each policy's cases in YAML come out as they stand, and hit every clause with a number."""

from pathlib import Path

import pytest

from analytics.law.policy import load, shipped
from analytics.settlement.policy_cases import PolicyCase, cases_of, read_cases, run_case
from domain.errors import WrongCall
from tests.analytics.policy_numbers import changes, unnoticed

POLICIES = [each.policy.id for each in shipped()]
CASES = {policy: cases_of(policy) or () for policy in POLICIES}
EACH = [(policy, case) for policy in POLICIES for case in CASES[policy]]


@pytest.mark.parametrize(
    ("policy", "case"), EACH, ids=[f"{policy}: {case.name}" for policy, case in EACH]
)
def test_a_case_comes_out_as_it_stands_there(policy: str, case: PolicyCase) -> None:
    outcome = run_case(case, load(policy))
    assert outcome.right, [str(each) for each in outcome.differs]


@pytest.mark.parametrize("policy", POLICIES)
def test_every_clause_that_has_a_number_is_hit_by_a_case(policy: str) -> None:
    """Cited by a case or by the lines and steps that one comes to; what else people must do decides no sum."""
    file = load(policy)
    terms = file.policy
    others = None if terms.sla is None else terms.sla.model_copy(update={"measure_h": None})
    people = [
        *(others.rows() if others else ()),
        *(terms.records.rows() if terms.records else ()),
    ]
    shown = {clause for _, _, clause in people}
    hit = {case.clause for case in CASES[policy]}
    for case in CASES[policy]:
        hit |= run_case(case, file).clauses
    assert {clause for _, _, clause in terms.rows()} - hit <= shown


@pytest.mark.compiled
@pytest.mark.parametrize("policy", POLICIES)
def test_a_number_that_changes_changes_what_a_case_comes_to(policy: str) -> None:
    """So each edge of a band is met exactly and a thousandth to either side."""
    assert unnoticed(load(policy), CASES[policy]) == []


@pytest.mark.parametrize("policy", POLICIES)
def test_cases_cite_clauses_of_their_policy(policy: str) -> None:
    text = load(policy).raw.decode()
    assert CASES[policy], "a policy has cases beside it"
    assert [case.name for case in CASES[policy] if f'"{case.clause}"' not in text] == []


RIGHT = """
facts: {season: [2024-11-15 00:00, 2025-03-16 00:00], season_fee: 2420.00, interval_min: 30}
cases:
- name: one
  says: {zh: 一, en: one}
  clause: art. 25
  facts: {rooms: {bedroom: []}, outages: [[2025-01-10 06:00, $until]]}
  try:
  - {values: {until: 2025-01-11 12:00}, owed: 25.00}
"""


def test_values_are_text_and_spells_are_samples() -> None:
    spell = RIGHT.replace(
        "bedroom: []",
        "bedroom: [[2025-01-10 00:00, 2025-01-10 01:00, 17.10], [2025-01-10 02:00, 20]]",
    )
    (case,) = read_cases(spell.encode(), "a.yaml")
    assert case.name == "one, until 2025-01-11 12:00"
    assert case.facts["outages"] == [["2025-01-10 06:00", "2025-01-11 12:00"]]
    assert case.facts["rooms"]["bedroom"] == [
        ("2025-01-10T00:00", "17.10"), ("2025-01-10T00:30", "17.10"), ("2025-01-10 02:00", "20"),
    ]  # fmt: skip
    assert run_case(case, load("CN-HA-2018")).right


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("owed: 25.00", "ows: 25.00", "a.yaml: cases.0.try.0.ows: this key is not known"),
        ("owed: 25.00", "reason: paid", "a.yaml: 'one, until 2025-01-11 12:00': needs 'owed', 'findings' or"),
        ("owed: 25.00", "due: {measure: noon}", "due.measure: not a time; expected one like 2025-01-10 21:30"),
        ("clause: art. 25", "clause: ''", "cases.0.clause: must not be empty"),
        ("zh: 一, ", "", "a.yaml: cases.0.says.zh: this key is needed"),
        ("interval_min: 30", "interval_min: often", "'one, until 2025-01-11 12:00': facts: invalid"),
        ("bedroom: []", "bedroom: [[2025-01-10, 2026-01-10, 17, 1], [2025-13-01, 2, 3]]", "facts: "),
        ("bedroom: []", "bedroom: [[0001-01-10, 9999-01-10, 17]]", "facts: 0001-01-10 to 9999-01-10"),
        ("- name: one", "- name: one\n  name: two", "name stands twice"),
        ("- {values", "- {values: {until: 2025-01-11 12:00}, owed: 1}\n  - {values", "stands twice"),
        ("owed: 25.00", "settled_by: May", "settled_by: not a day; expected one like 2025-01-10"),
        ("facts: {season", "facts: [{season", "a.yaml: not YAML"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_file_of_cases_is_named(old: str, new: str, said: str) -> None:
    assert old in RIGHT
    with pytest.raises(WrongCall) as wrong:
        read_cases(RIGHT.replace(old, new, 1).encode(), "a.yaml")
    assert said in str(wrong.value)


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        ("owed: 24.99", "owed: 24.99 stands there, it comes to 25.00"),
        ("owed: much", "owed: much stands there, it comes to 25.00"),
        ("owed: 25.00, undetermined: true", "undetermined: True stands there, it comes to False"),
        ("owed: 25.00, at_most: 30.00", "at most: 30.00 stands there, it comes to 25.00"),
        ("owed: 25.00, reason: no_outage", "reason: no_outage stands there, it comes to paid"),
        ("owed: 25.00, lines: []", "lines: [] stands there, it comes to"),
        ("settled_by: 2025-05-16", "settled by: 2025-05-16 stands there, it comes to 2025-05-15"),
    ],
)
def test_a_case_that_comes_out_otherwise_says_in_what(stands: str, said: str) -> None:
    (case,) = read_cases(RIGHT.replace("owed: 25.00", stands).encode(), "a.yaml")
    outcome = run_case(case, load("CN-HA-2018"))
    assert not outcome.right
    assert said in str(outcome.differs[0])


ASKED = RIGHT.replace("outages: [[2025-01-10 06:00, $until]]", "requests: [$until]")


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        ("2025-01-12T00:00", None),
        ("2025-01-11 23:59", "to be measured by: 2025-01-11 23:59 stands there, it comes to 2025-01-12 00:00"),
    ],
)  # fmt: skip
def test_a_case_may_say_by_when_a_request_is_measured(stands: str, said: str | None) -> None:
    (case,) = read_cases(
        ASKED.replace("owed: 25.00", f"due: {{measure: {stands}}}").encode(), "a.yaml"
    )
    assert [str(each) for each in run_case(case, load("CN-HA-2018")).differs] == [said] * bool(said)


def test_under_an_act_without_a_limit_no_request_has_one() -> None:
    (case,) = read_cases(
        ASKED.replace("owed: 25.00", "due: {measure: 2025-01-12 00:00}").encode(), "a.yaml"
    )
    (differs,) = run_case(case, load("CN-SD-YANTAI")).differs
    assert str(differs) == "to be measured by: 2025-01-12 00:00 stands there, it comes to "


def test_a_number_that_no_case_hits_is_named() -> None:
    twelve_hours = RIGHT.replace("2025-01-11 12:00}, owed: 25.00", "2025-01-10 18:00}, owed: 10.00")
    found = unnoticed(load("CN-HA-2018"), read_cases(twelve_hours.encode(), "a.yaml"))
    every = {words for words, _ in changes(load("CN-HA-2018").raw)}
    assert every - set(found) == {
        "outage_time.continuous_h = 12 -> 12.017", "outage_time.op = >= -> >",
    }  # fmt: skip
    assert {"14 °C -> 14.001", "14 °C: the other side in"} < set(found)


def test_a_policy_without_cases_has_none(tmp_path: Path) -> None:
    assert cases_of(tmp_path / "my-city.toml") is None
    (tmp_path / "my-city.cases.yaml").write_text(RIGHT, encoding="utf-8")
    assert len(cases_of(tmp_path / "my-city.toml") or ()) == 1
