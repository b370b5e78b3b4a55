"""Policies as data: what ships is right, what is wrong is refused with file and key."""

from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from analytics.law.calculators import CALCULATORS as LISTED
from analytics.law.calculators.outage_time import OutageTimeTable
from analytics.law.cold_days.table import DayBandTable
from analytics.law.interpretations import FORMER
from analytics.law.policy import broken, choose, known, load, of_season, parse, shipped
from analytics.settlement.settle import settle_facts
from domain.errors import WrongCall
from tests.analytics.facts import facts, rows

HENAN, LINYI = "CN-HA-2018", "CN-SD-LINYI-2017"
CALCULATORS = 'calculators = ["day_band", "outage_time"]'
#: Files as they were before calculators had tables of their own.
OLD = Path(__file__).with_name("old")


def text(policy: str = HENAN) -> str:
    return (files("analytics.law") / "policies" / f"{policy}.toml").read_text(encoding="utf-8")


def at_20_degrees() -> str:
    """A policy of somebody's own: Henan's at 20 degrees, under an id of its own."""
    changed = text().replace('temp = "18"', 'temp = "20"').replace('below = "18"', 'below = "20"')
    return changed.replace('id = "CN-HA-2018"', 'id = "CN-HA-2018-at-20"')


def test_the_policies_that_ship_are_found_by_their_own_id() -> None:
    ids = [each.policy.id for each in shipped()]
    assert {HENAN, LINYI, "CN-HA-LY-2018", "CN-SD-WEIFANG-2021"} <= set(ids)
    for each in ids:
        assert load(each).policy.id == each


@pytest.mark.parametrize("policy", [each.policy.id for each in shipped()])
def test_each_number_has_a_clause_and_each_open_text_an_interpretation(policy: str) -> None:
    found = load(policy).policy
    names = {each.name for each in found.interpretations}
    if any(each.of_fee for each in found.tables.values()):
        assert {"days-from-published-instants", "one-rounding-per-line"} <= names
    assert all(each.zh and each.en and each.interprets for each in found.interpretations)
    assert all(what.to("zh") and value.to("zh") and clause for what, value, clause in found.rows())


def test_henan_says_what_the_act_says() -> None:
    henan = load(HENAN).policy
    cold = henan.table(DayBandTable)
    assert [(str(b.low), str(b.high), b.refund) for b in cold.bands] == [
        ("14", "18", Fraction(1, 2)),
        ("None", "14", Fraction(1)),
    ]
    assert cold.gate is not None
    assert (str(cold.gate.continuous_h), cold.gate.op) == ("48", ">=")
    assert henan.sla is not None
    assert (str(henan.table(OutageTimeTable).continuous_h), str(henan.sla.measure_h)) == (
        "12",
        "12",
    )


def test_the_hash_is_that_of_the_files_bytes() -> None:
    raw = text().encode()
    assert parse(raw, "a.toml").sha256 == load(HENAN).sha256
    assert parse(raw + b"\n# said later\n", "a.toml").sha256 != load(HENAN).sha256


@pytest.mark.parametrize("policy", [HENAN, LINYI])
def test_a_policy_in_its_old_form_is_read_with_warnings(policy: str) -> None:
    """Runs keep their policy file: what was written then is read for good."""
    found = parse((OLD / f"{policy}.toml").read_bytes(), "old.toml")
    ours = load(policy).policy
    # what it pays a metered household is said since
    since = {"day_band": {"of_metered": "fee"}, "outage_time": {"metered": "whole"}}
    then = {n: own.model_copy(update=since.get(n, {})) for n, own in ours.tables.items()}
    assert found.policy.tables == then
    cited = [each.name for each in found.policy.interpretations]
    assert cited == [each.name for each in ours.interpretations if each.name in cited]
    of_dwellings = ours.standard.model_copy(update={"non_residential": None})
    # each limit of an answer cites its own article since; before, all of them were one clause
    assert found.policy.sla is not None
    assert ours.sla is not None
    at_once = {
        "clause": found.policy.sla.clause,
        "complaint_clause": None,
        "complaint_same_day": False,
        "authority_clause": None,
    }
    then_sla = ours.sla.model_copy(update=at_once)
    assert (found.policy.standard, found.policy.sla) == (of_dwellings, then_sla)
    anew = [each for each in found.warnings if "is read anew" in str(each)]
    assert len(found.warnings) - len(anew) == 3
    assert len(anew) == len(set(FORMER.values()) & set(cited)) > 0
    assert "old.toml: 'readings' is now called 'interpretations'" in str(found.warnings[0])
    assert "tables of their calculators" in str(found.warnings[1])
    assert load(policy).warnings == ()


def test_a_calculator_that_the_list_leaves_out_pays_nothing() -> None:
    """It once did: the list decided nothing."""
    bedroom = rows(("2025-01-09T00:00", "2025-01-16T00:00", "13.000"))
    flat = facts(
        HENAN, {"bedroom": bedroom}, requests=["2025-01-10T09:00"],
        outages=[["2025-01-20T00:00", "2025-01-21T00:00"]],
    )  # fmt: skip
    assert str(settle_facts(flat, load(HENAN)).total) == "140.00"
    old = (OLD / f"{HENAN}.toml").read_text(encoding="utf-8")
    alone = parse(
        old.replace(CALCULATORS, 'calculators = ["outage_time"]').encode(), "mine.toml", kept=True
    )
    result = settle_facts(flat, alone)
    assert [(line.kind, str(line.amount)) for line in result.lines] == [("outage", "20.00")]


def flat_at_19_5() -> dict[str, Any]:
    """A flat of five days at 19.5 °C that asked for a measurement."""
    bedroom = rows(
        ("2025-01-09T00:00", "2025-01-10T00:00", "21.000"),
        ("2025-01-10T00:00", "2025-01-15T00:00", "19.500"),
        ("2025-01-15T00:00", "2025-01-16T00:00", "21.000"),
    )
    return facts(HENAN, {"bedroom": bedroom}, requests=["2025-01-10T09:00"])


def test_an_own_policy_at_20_degrees_pays_a_flat_that_the_act_does_not(tmp_path: Path) -> None:
    path = tmp_path / "henan-at-20.toml"
    path.write_text(at_20_degrees(), encoding="utf-8")
    flat = flat_at_19_5()
    assert settle_facts(flat, load(HENAN)).reason.code == "never_below"
    assert str(settle_facts(flat, load(path)).total) == "50.00"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('temp = "18"', 'temp = "18"\ntemperature = "18"', "standard.temperature = '18': this key is not known; did you mean temp?"),
        ('temp = "18"', "temp = 18.0", "standard.temp = 18.0: write it as a decimal in quotes"),
        ('temp = "18"', 'temp = "warm"', "standard.temp = 'warm': not a decimal number"),
        ('temp = "18"', 'temp = "18.0005"', "standard.temp = '18.0005': too many digits behind the point; allowed: at most three"),
        ('from = "14"\n', 'from = "14.0001"\n', "day_band.bands.0.from = '14.0001': too many digits behind the point; allowed: at most three"),
        ('continuous_h = "12"', 'continuous_h = "12.00000000001"', "outage_time.continuous_h = '12.00000000001': too many digits"),
        ('temp = "18"', 'temp = "NaN"', "standard.temp = 'NaN': must be a finite number"),
        ('refund = "1/2"', 'refund = "3/2"', "day_band.bands.0.refund = '3/2': out of range; allowed: above 0 to 1"),
        ('refund = "1/2"', 'refund = "half"', "day_band.bands.0.refund = 'half': not a share"),
        ('refund = "1/2"', "refund = 0.5", "day_band.bands.0.refund = 0.5: write it as a share in quotes"),
        ('refund = "1/2"', 'refund = "1/0"', "day_band.bands.0.refund = '1/0': not a share"),
        ('from = "14"\n', 'from = "15"\n', "between 14 and 15 °C there is a gap or an overlap"),
        ('from = "14"\n', 'above = "14"\n', "between 14 and 14 °C there is a gap or an overlap"),
        ('from = "14"\n', 'from = "14"\nabove = "14"\n', "give 'from' or 'above', not both"),
        ('from = "14"\n', 'from = "19"\n', "the band ends at 18 °C and begins at 19 °C"),
        ('below = "18"\n', "", "give exactly one of 'below' and 'up_to'"),
        ('below = "18"\n', 'below = "17"\n', "must end below the standard 18"),
        ('below = "18"\n', 'up_to = "18"\n', "must end below the standard 18"),
        ('[[day_band.bands]]\nbelow = "14"', '[[day_band.bands]]\nfrom = "5"\nbelow = "14"', "nothing is said below 5"),
        ('refund = "1"\n', 'refund = "1/3"\n', "below 14 °C pays less than above it"),
        ('op = ">="', 'op = "=>"', "day_band.gate.op = '=>': not known; allowed: >=, >"),
        ('clause = "art. 26"', 'clause = ""', "standard.clause"),
        ('grade = "A"', 'grade = "Z"', "grade = 'Z': not known; allowed: A, A-, B"),
        ("after_start = 5", "after_start = 3", "exclude contradicts the interpretation 'five-days-e"),
        ('name = "five-days-each-end"', 'name = "other"', "exclude needs the interpretation 'five-"),
        ('start = "request"', 'start = "first_evidence"', "clock.start contradicts the interpretat"),
        ("include_recovery = false", "include_recovery = true", "day.include_recovery contradicts "),
        ('value = "own"', 'value = "lowest_record"', "retest.value needs the interpretation 'ret"),
        (CALCULATORS, 'calculators = ["per_kelvin"]', f"'per_kelvin' is not known; allowed: {LISTED[0]}"),
        (CALCULATORS, 'calculators = ["outage_time"]', "day_band: the table of a calculator that"),
        (CALCULATORS, "calculators = []", "calculators = []: must not be empty"),
        ("[outage_time]", "[outage_tim]", "outage_tim = {...}: this key is not known"),
        ('rooms = ["bedroom", "living"]', 'rooms = ["kitchen"]', "kitchen: no standard covers these; allowed: bedroom, living"),
        ('rooms = ["bedroom", "living"]', 'rooms = ["attic"]', "standard.rooms"),
        ("since = 2018-04-01", 'since = "soon"', "in_force.since"),
        ('id = "CN-HA-2018"', 'id = "henan"', "id = 'henan': capital letters and digits, joined by -, e.g. CN-HA-2018"),
        ("[sla]\n", "[sla]\nanswer_h = 2\n", "sla.answer_h = 2: this key is not known"),
        ('measure_h = "12"\n', "", ""),
    ],
)  # fmt: skip
def test_a_wrong_policy_is_refused_with_file_and_key(old: str, new: str, said: str) -> None:
    assert old in text()
    raw = text().replace(old, new, 1).encode()
    if not said:  # Henan presumes nothing of a late supplier, so it may leave the limit out
        parse(raw, "mine.toml")
        return
    with pytest.raises(WrongCall) as wrong:
        parse(raw, "mine.toml")
    assert str(wrong.value).startswith("mine.toml: ")
    assert said in str(wrong.value)


def test_a_policy_without_interpretations_is_refused() -> None:
    raw = text()[: text().index("[[interpretations]]")].encode()
    with pytest.raises(WrongCall, match="interpretations: there are none"):
        parse(raw, "mine.toml")


TITLE = 'title = { zh = "夜间降温不属停热", en = "A night setback is no outage" }'
OWN = f"""
[[interpretations]]
name = "night-setback-is-no-outage"
{TITLE}
interprets = "art. 25"
zh = "夜间按调度降温运行的，不视为停热。"
en = "What the dispatcher lowers at night is no outage."
"""


def test_a_policy_names_an_interpretation_of_its_own_with_its_title() -> None:
    own = parse((text() + OWN).encode(), "mine.toml").policy.interpretations[-1]
    assert own.title is not None
    assert (own.title.zh, own.title.en) == ("夜间降温不属停热", "A night setback is no outage")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (TITLE, "", "'night-setback-is-no-outage' has no title; one of the policy's own needs "
         'title = { zh = "...", en = "..." } beside its name'),
        (f'night-setback-is-no-outage"\n{TITLE}', 'gate-is-conditio"', "'gate-is-conditio' is not known; did you"),
        (', en = "A night setback is no outage"', "", "title.en"),
        ("night-setback-is-no-outage", "outage-ends-when-held", "stands twice"),
    ],
)  # fmt: skip
def test_an_interpretation_that_lacks_its_title_is_refused_with_how_to_give_it(
    old: str, new: str, said: str
) -> None:
    assert old in OWN
    with pytest.raises(WrongCall) as wrong:
        parse((text() + OWN.replace(old, new)).encode(), "mine.toml")
    assert said in str(wrong.value)


def test_the_document_alone_titles_its_interpretations() -> None:
    titled = text().replace(
        'name = "outage-before-cold"',
        'name = "outage-before-cold"\ntitle = { zh = "一", en = "a" }',
    )
    with pytest.raises(WrongCall, match=r"'outage-before-cold' has its title in docs/interpr"):
        parse(titled.encode(), "mine.toml")


def test_the_file_of_a_run_is_read_though_it_would_be_refused_today() -> None:
    raw = text().replace("after_start = 5", "after_start = 3").encode()
    assert parse(raw, "kept", kept=True).policy.id == HENAN
    finer = (
        text()
        .replace('from = "14"\n', 'from = "14.0005"\n')
        .replace('below = "14"', 'below = "14.0005"')
    )
    assert parse(finer.encode(), "kept", kept=True).policy.id == HENAN
    with pytest.raises(WrongCall, match="calculators: 'wind'"):  # but not what nobody can settle
        parse(text().replace(CALCULATORS, 'calculators = ["wind"]').encode(), "kept", kept=True)


def test_a_calculator_without_its_table_is_refused() -> None:
    raw = text()[: text().index("[outage_time]")].encode()
    with pytest.raises(WrongCall, match=r"calculators: 'outage_time' has no table \[outage_time\]"):
        parse(raw, "mine.toml")


def test_a_presumption_needs_the_limit_it_counts_from() -> None:
    raw = text(LINYI).replace('measure_h = "24"\n', "").encode()
    with pytest.raises(WrongCall, match=r"needs sla\.measure_h"):
        parse(raw, "mine.toml")


def test_what_is_not_toml_is_told_with_the_file() -> None:
    with pytest.raises(WrongCall, match=r"mine.toml: not TOML"):
        parse(b"id = ", "mine.toml")


def test_an_unknown_policy_names_what_can_be_had(tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match=r"allowed: CN-BJ-BF2022-0501, CN-HA-2018, CN-HA-LY-2018"):
        load("CN-HA-1999")
    with pytest.raises(WrongCall, match="does not exist"):
        load(tmp_path / "none.toml")


@pytest.mark.parametrize("which", ["mine.toml", "../x", "mine.TOML", "x" * 5000])
def test_a_season_never_names_a_file(
    which: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(at_20_degrees(), encoding="utf-8")
    with pytest.raises(WrongCall, match="allowed: CN-BJ-BF2022-0501, CN-HA-2018"):
        of_season(which)
    assert of_season(HENAN).policy.id == HENAN


def test_a_broken_file_of_the_folder_hurts_only_who_names_it(tmp_path: Path) -> None:
    (tmp_path / "MINE-1.toml").write_text("id = ", "utf-8")
    assert load("CN-HA-2018", tmp_path).policy.id == "CN-HA-2018"
    assert "CN-HA-2018" in [each.policy.id for each in known(tmp_path)]
    with pytest.raises(WrongCall, match=r"MINE-1.toml: not TOML"):
        load("MINE-1", tmp_path)
    assert [str(each) for each in broken(tmp_path)] != []


def test_a_run_is_a_what_if_under_any_bytes_but_those_of_the_season_s_own_policy(
    tmp_path: Path,
) -> None:
    own = tmp_path / "own.toml"
    own.write_bytes(load(HENAN).raw)
    assert choose(HENAN).what_if is False
    assert choose(HENAN, HENAN).what_if is False
    assert choose(HENAN, str(own)).what_if is False  # the same, to the byte
    own.write_bytes(load(HENAN).raw.replace(HENAN.encode(), b"OWN-2018"))
    assert choose(HENAN, str(own)).what_if is True
    assert choose(HENAN, "CN-HA-LY-2018").what_if is True


def test_a_file_of_the_folder_is_known_wherever_it_was_read_from(tmp_path: Path) -> None:
    folder, beside = tmp_path / "policies", tmp_path / "copy.toml"
    folder.mkdir()
    raw = load(HENAN).raw.replace(HENAN.encode(), b"OWN-2018")
    (folder / "own.toml").write_bytes(raw)
    beside.write_bytes(raw)
    assert choose("OWN-2018", "", folder).of_folder is True
    assert choose(HENAN, str(beside), folder).of_folder is True
    assert choose(HENAN, "", folder).of_folder is False
    assert choose(HENAN, str(beside)).of_folder is False
    beside.write_bytes(raw + b"\n")
    with pytest.raises(WrongCall, match=r"id 'OWN-2018' is that of .*own\.toml; a policy is never"):
        choose(HENAN, str(beside), folder)


def test_a_copy_that_keeps_the_id_of_a_policy_that_ships_is_refused_and_told_of_overlays(
    tmp_path: Path,
) -> None:
    copy = tmp_path / "copy.toml"
    copy.write_bytes(load(HENAN).raw + b"\n")
    with pytest.raises(WrongCall) as wrong:
        load(copy)
    said = str(wrong.value)
    assert "copy.toml: id 'CN-HA-2018' is that of CN-HA-2018.toml; a policy is never edited" in said
    assert "for a what-if an overlay, a file with base = 'CN-HA-2018', name = { zh = " in said
    assert "for a policy of your own an id of its own" in said
