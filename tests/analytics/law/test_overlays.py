"""What-ifs as named overlays: their identity, what they change, and what is refused by file, key and value."""

import hashlib
import tomllib
from pathlib import Path

import pytest

from analytics.law.overlays import packed, told, unpacked
from analytics.law.policy import PolicyFile, known, load, of_season, parse
from analytics.settlement.settle import settle_facts
from domain.errors import WrongCall
from domain.language import Text
from tests.analytics.law.test_policy import flat_at_19_5

HENAN = "CN-HA-2018"
EXAMPLE = Path(__file__).parents[3] / "examples/nis-l4/henan-at-20.toml"
WHY = '{ zh = "仅为示例", en = "an example" }'


def overlay(*changes: str, base: str = HENAN, name: str = "at 20 degrees") -> str:
    """The text of an overlay: each change is `key = value`, or `key` alone to remove it."""
    text = f'base = "{base}"\nname = {{ zh = "20℃标准", en = "{name}" }}\n'
    for each in changes:
        key, _, value = each.partition(" = ")
        own = f"value = {value}" if value else "remove = true"
        text += f'\n[[changes]]\nkey = "{key}"\n{own}\nreference = {WHY}\n'
    return text


def laid(folder: Path, *changes: str, **other: str) -> PolicyFile:
    file = folder / "mine.toml"
    file.write_text(overlay(*changes, **other), encoding="utf-8")
    return load(file)


AT_20 = ('standard.temp = "20"', 'day_band.bands.0.below = "20"')


def test_the_example_pays_a_flat_that_the_act_does_not_and_says_that_it_is_no_settlement() -> None:
    flat = flat_at_19_5()
    assert settle_facts(flat, load(HENAN)).reason.code == "never_below"
    result = settle_facts(flat, load(EXAMPLE))
    assert str(result.total) == "50.00"
    assert [each["step"] for each in result.steps][:4] == [
        "what_if", "what_if_change", "what_if_change", "policy",
    ]  # fmt: skip
    assert not any(each["step"] == "what_if" for each in settle_facts(flat, load(HENAN)).steps)


def test_its_identity_and_hash_are_its_own_and_rest_on_base_and_overlay() -> None:
    file, base = load(EXAMPLE), load(HENAN)
    own = file.policy.what_if
    assert own is not None
    assert (file.policy.id, own.id) == ("CN-HA-2018 + at 20 degrees", file.policy.id)
    assert file.sha256 == hashlib.sha256(file.raw).hexdigest() != base.sha256
    assert (own.base_sha256, file.text_sha256, base.text_sha256) == (base.sha256,) * 3
    assert unpacked(tomllib.loads(file.raw.decode())) == (base.raw, EXAMPLE.read_bytes())
    other = packed(base.raw + b"\n", EXAMPLE.read_bytes())
    assert parse(other, "mine.toml").sha256 != file.sha256
    with pytest.raises(WrongCall, match="a season's policy is 'CN-HA-2018 \\+ at 20 degrees'"):
        of_season(file.policy.id)


def test_a_run_reads_what_it_kept_without_the_base_or_the_overlay_at_hand() -> None:
    file = load(EXAMPLE)
    again = parse(file.raw, "policy 0123", kept=True)
    assert (again.policy, again.sha256) == (file.policy, file.sha256)


@pytest.mark.parametrize("text", ['a = "b"', 'c\\d """e""" ""', '""""', "\r\n\ttab \\", "", "\n\n"])
def test_both_texts_come_back_to_the_byte(text: str) -> None:
    raw = text.encode()
    assert unpacked(tomllib.loads(packed(raw, raw[::-1]).decode())) == (raw, raw[::-1])


def test_a_table_a_list_and_a_named_entry_are_changed_added_and_removed(tmp_path: Path) -> None:
    file = laid(
        tmp_path,
        "day_band.exclude",
        "interpretations.five-days-each-end",
        "in_force.until = 2026-01-01",
        'standard.rooms = ["bedroom"]',
        'outages = { announced_h = "24", clause = "art. 9" }',
        'interpretations.one-rounding-per-line.en = "Another meaning."',
    )
    policy, base = file.policy, load(HENAN).policy
    assert policy.plain()["day_band"]["exclude"] is None
    assert base.interprets("five-days-each-end")
    assert not policy.interprets("five-days-each-end")
    assert str(policy.in_force.until) == "2026-01-01"
    assert policy.outages is not None
    assert base.outages is None
    assert [use.value for use in policy.standard.rooms] == ["bedroom"]
    assert len(policy.interpretations) == len(base.interpretations) - 1
    assert file.policy.what_if is not None
    changes = {each.key: each for each in file.policy.what_if.changes}
    assert told(changes["standard.rooms"].before) == "bedroom; living"
    assert told(changes["outages"].before) == Text("none")
    assert set(told(changes["interpretations.five-days-each-end"].before)) == {"zh", "en"}
    assert told(changes["in_force.until"].after) == "2026-01-01"


@pytest.mark.parametrize(
    ("changes", "other", "said"),
    [
        (["standard.tmp = '20'"], {}, "mine.toml: standard.tmp = '20': this key is not known; did you mean temp?"),
        (["day_bands.gate = '1'"], {}, "mine.toml: changes: day_bands.gate: CN-HA-2018 has no 'day_bands' there; allowed: currency,"),
        (["day_band.bands.2.below = '1'"], {}, "day_band.bands.2.below: CN-HA-2018 has no '2' there; allowed: 0, 1"),
        (["interpretations.none-such"], {}, "CN-HA-2018 has no 'none-such' there; allowed: "),
        (["standard.temp.max = '1'"], {}, "CN-HA-2018 has no 'max' there: it is a value"),
        (["standard.temp = '18.0'"], {}, "standard.temp: '18.0' is the value of CN-HA-2018 already; allowed: another one"),
        (["sla.complaint_days = 2"], {}, "sla.complaint_days: 2 is the value of CN-HA-2018 already"),
        (["standard.temp = 20.0"], {}, "standard.temp = 20.0: write it as a decimal in quotes"),
        (["standard.temp = '20'"], {}, "day_band.bands"),  # the upper band still ends at 18
        (["id = 'MINE-1'"], {}, "changes: id: id says which act it is and stays; allowed: the numbers"),
        (["title.en = 'Mine'"], {}, "title says which act it is"),
        (["standard.temp = '20'", "standard.temp = '21'"], {}, "changes: standard.temp is changed twice"),
        (["day_band.gate", "day_band.gate.op = '>'"], {}, "changes: day_band.gate.op is changed twice"),
        ([], {}, "mine.toml: changes: this key is needed"),
        ([*AT_20], {"base": "CN-HA-2019"}, "mine.toml: base: policy 'CN-HA-2019' is not known; allowed: CN-BJ"),
        ([*AT_20], {"base": "CN-HA-2018 + warm"}, "base = 'CN-HA-2018 + warm': allowed: the id of a policy; an overlay lies on a policy, never on"),
        ([*AT_20], {"base": "other.toml"}, "base = 'other.toml': allowed: the id of a policy"),
        ([*AT_20], {"name": ""}, "mine.toml: name.en = ''"),
        ([*AT_20], {"name": "a\\nb"}, "one line of at most 60 characters"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused_by_file_key_and_value(
    tmp_path: Path, changes: list[str], other: dict[str, str], said: str
) -> None:
    with pytest.raises(WrongCall) as wrong:
        laid(tmp_path, *changes, **other)
    assert said in str(wrong.value)
    assert "mine.toml: " in str(wrong.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (f"reference = {WHY}\n", "", "changes.0.reference: this key is needed"),
        ('value = "20"', "", "changes.0 = {...}: give 'value', or 'remove = true'"),
        ("base =", 'id = "MINE-1"\nbase =', "id = 'MINE-1': this key is not known"),
        ("[[changes]]", "[[changes]]\non = 2025-01-01", "changes.0.on = 2025-01-01: this key is not known; allowed: key, value, remove, reference, since, document, clause"),
        ("[[changes]]", "[[changes]]\nsince = 2025-01-01", "changes.0 = {...}: give 'since', 'document' and 'clause', or none of them"),
    ],
)  # fmt: skip
def test_an_overlay_of_another_form_is_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(overlay(*AT_20).replace(old, new, 1), encoding="utf-8")
    with pytest.raises(WrongCall) as wrong:
        load(file)
    assert said in str(wrong.value)


def test_an_overlay_lies_on_a_policy_of_the_folder_too_and_is_none_of_its_policies(
    tmp_path: Path,
) -> None:
    own = load(HENAN).raw.replace(HENAN.encode(), b"OWN-2018")
    (tmp_path / "own.toml").write_bytes(own)
    mine = tmp_path / "mine.toml"
    mine.write_text(overlay(*AT_20, base="OWN-2018"), encoding="utf-8")
    assert load(mine, tmp_path).policy.id == "OWN-2018 + at 20 degrees"
    assert "OWN-2018" in [each.policy.id for each in known(tmp_path)]
    assert not any("+" in each.policy.id for each in known(tmp_path))
    with pytest.raises(WrongCall, match="base: policy 'OWN-2018' is not known"):
        load(mine)
