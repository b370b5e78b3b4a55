"""`heatwatch refund try`: one household, from a file of facts."""

import json
from pathlib import Path

import pytest

from heatwatch.cli.app import run
from tests.analytics.facts import facts, rows
from tests.heatwatch.cli.settled_town import OK, WRONG_CALL


def test_refund_try_settles_a_file_of_facts(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bedroom = rows(
        ("2025-01-10T00:00", "2025-01-12T09:30", "17.200"),
        ("2025-01-12T09:30", "2025-01-14T00:00", "20.000"),
    )
    path = tmp_path / "facts.json"
    given = facts("CN-HA-2018", {"bedroom": bedroom}, requests=["2025-01-10T09:30"])
    path.write_text(json.dumps(given), encoding="utf-8")
    assert run(["refund", "try", str(path), "--json"]) == OK
    told = json.loads(capsys.readouterr().out)
    assert (told["total"], told["reason"], told["lines"][0]["days"]) == ("20.00", "paid", "2")
    assert run(["refund", "try", "--policy", "CN-HA-LY-2018", str(path), "--lang", "zh"]) == OK
    assert "应退费" in capsys.readouterr().out
    city = {"since": "2025-01-01T00:00", "state": "charged", "payer": "Wang"}
    city |= {"subsidy_percent": "30", "subsidy_by": "City"}
    path.write_text(json.dumps(given | {"fee_spans": [city]}), encoding="utf-8")
    assert run(["refund", "try", str(path), "--json"]) == OK
    lines = json.loads(capsys.readouterr().out)["lines"]
    assert [(each["payer"], each["amount"]) for each in lines] == [
        ("Wang", "14.00"),
        ("City", "6.00"),
    ]
    assert lines[1]["formula"] == "CNY 20.00 − CNY 14.00 = CNY 6.00"
    assert "exact" not in lines[0]


def test_samples_that_stand_still_are_warned_of_with_what_stored_ones_come_to(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    cold = rows(("2025-01-10T00:00", "2025-01-14T00:00", "17.200"))
    path = tmp_path / "facts.json"
    given = facts("CN-HA-2018", {"bedroom": cold}, requests=["2025-01-10T09:30"])
    given["measurements"] = given.pop("acts")
    path.write_text(json.dumps(given), encoding="utf-8")
    assert run(["refund", "try", str(path), "--lang", "en"]) == OK
    said = " ".join(capsys.readouterr().err.split())
    assert "bedroom, 2025-01-10 00:00 to 2025-01-13 23:45: unchanged for too long (17.2 °C)" in said
    assert "A settlement of the same readings from sensors comes to: CNY 0.00" in said
    moved = [[at, value[:-1] + str(i % 2)] for i, (at, value) in enumerate(cold)]
    path.write_text(json.dumps(given | {"rooms": {"bedroom": moved}}), encoding="utf-8")
    assert run(["refund", "try", str(path), "--lang", "en"]) == OK
    assert capsys.readouterr().err == ""


def test_a_room_that_is_named_by_its_use_is_shown_in_the_readers_language(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    cold = rows(("2025-01-10T00:00", "2025-01-14T00:00", "17.200"))
    path = tmp_path / "facts.json"
    for code, shown in (("bedroom", "卧室"), ("living", "起居室"), ("room 7", "room 7")):
        given = facts("CN-HA-2018", {code: cold}, requests=["2025-01-10T09:30"])
        path.write_text(json.dumps(given), encoding="utf-8")
        assert run(["refund", "try", str(path), "--lang", "zh"]) == OK
        told = capsys.readouterr().out
        assert shown in told
        assert (code in told) == (code == shown)


def test_standing_consent_takes_the_place_of_requests(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    cold = rows(("2025-01-10T00:00", "2025-01-14T00:00", "17.200"))
    given = facts("CN-HA-2018", {"bedroom": cold}, requests=[])
    path = tmp_path / "facts.json"
    for consent, reason in ((False, "no_request"), (True, "undetermined")):
        path.write_text(json.dumps(given | {"standing_consent": consent}), encoding="utf-8")
        assert run(["refund", "try", str(path), "--json"]) == OK
        assert json.loads(capsys.readouterr().out)["reason"] == reason


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "does not exist"),
        ("{", "not JSON"),
        ("[]", "expected one JSON object"),
        ("{}", "--policy is missing"),
        ('{"policy": "CN-HA-2018"}', "facts: season: this key is needed"),
    ],
)
def test_wrong_facts_are_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str | None, said: str
) -> None:
    path = tmp_path / "facts.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert run(["refund", "try", str(path)]) == WRONG_CALL
    assert said in capsys.readouterr().err


def test_under_a_law_without_money_the_sheet_has_findings_and_no_amount(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    hours = [f"2025-01-10T{h:02d}:00" for h in range(6, 22)]
    given = {
        "policy": "US-NYC-HEAT", "zone": "America/New_York", "interval_min": 60,
        "season": ["2025-01-10T06:00", "2025-01-10T22:00"], "outdoor": [[at, "5.000"] for at in hours],
        "rooms": {"bedroom": [[at, "19.500"] for at in hours]}, "requests": [], "measurements": [],
        "outages": [],
    }  # fmt: skip
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(given), encoding="utf-8")
    assert run(["refund", "try", str(path), "--json"]) == OK
    told = json.loads(capsys.readouterr().out)
    assert (told["total"], told["reason"], "lines" in told) == (None, "non_compliant", False)
    assert [(each["room"], each["hours"], each["lowest"]) for each in told["findings"]] == [
        ("bedroom", "16.00", "19.500")
    ]
    assert "one-finding-a-period" in told["applied"]
    for language, words in (("en", "findings of non-compliance"), ("zh", "有不达标认定")):
        assert run(["refund", "try", str(path), "--lang", language]) == OK
        shown = capsys.readouterr().out
        assert words in shown
        assert not any(money in shown for money in ("USD", "0.00", "CNY"))
