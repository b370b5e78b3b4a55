"""`heatwatch refund try`: one household's facts from a file."""

import json
from pathlib import Path

import pytest

from heatwatch.cli.app import run
from tests.analytics.facts import facts, rows
from tests.analytics.law.test_policy import at_20_degrees

HENAN = "CN-HA-2018"
COLD = rows(("2025-01-10T00:00", "2025-01-13T00:00", "17.000"))


def test_facts_under_their_old_key_are_settled_with_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = ["2025-01-11T14:00", "bedroom", "13.000"]
    old = facts(HENAN, {"bedroom": COLD}, requests=["2025-01-10T00:00"], acts=[record])
    new = {("measurements" if key == "acts" else key): value for key, value in old.items()}
    answers = []
    for name, each in (("old", old), ("new", new)):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(each), encoding="utf-8")
        assert run(["refund", "try", str(path), "--json"]) == 0
        said = capsys.readouterr()
        answers.append(json.loads(said.out))
        assert ("key 'acts' is now called 'measurements'" in said.err) == (name == "old")
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "a trial: the text of this policy is not confirmed"),
        ("zh", "试算：本政策的文本尚未确认"),
    ],
)
def test_a_template_is_tried_and_says_that_its_text_is_not_confirmed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, said: str
) -> None:
    policy, path = tmp_path / "template.toml", tmp_path / "facts.json"
    policy.write_text(at_20_degrees().replace('grade = "A"', 'grade = "C"'), encoding="utf-8")
    path.write_text(json.dumps(facts(HENAN, {"bedroom": COLD})), encoding="utf-8")
    for chosen, expected in ((str(policy), True), (HENAN, False)):
        assert run(["refund", "try", str(path), "--policy", chosen, "--lang", language]) == 0
        shown = "".join(capsys.readouterr().out.replace("│", "").split())
        assert ("".join(said.split()) in shown) is expected
