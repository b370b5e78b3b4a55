"""Seasons of a folder against the answers beside them."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from analytics.law.policy import load
from domain.errors import WrongCall
from heatwatch.evaluate.seasons import evaluate, read
from tests.analytics.facts import facts, rows

COLD = rows(
    ("2025-01-10T00:00", "2025-01-12T12:00", "17.200"),
    ("2025-01-12T12:00", "2025-01-13T00:00", "20.000"),
)
PAID = facts("CN-HA-2018", {"bed": COLD}, requests=["2025-01-10T00:00"]) | {"id": 7}
NOTHING = facts("CN-HA-LY-2018", {"bed": COLD}) | {"id": 8}
LINE = {
    "kind": "temperature", "from": "2025-01-10", "to": "2025-01-11", "days": "2", "share": "1/2",
    "amount": "20.00",
}  # fmt: skip
ANSWERS: list[dict[str, Any]] = [
    {"id": 7, "total": "20.00", "undetermined": False, "lines": [LINE], "why": "two days"},
    {"id": 8, "total": "0.00", "undetermined": False, "lines": []},
]


def folder(path: Path, answers: list[dict[str, Any]], *, packed: bool = False) -> Path:
    """Both seasons in one file of lines."""
    lines = "\n".join(json.dumps(each) for each in (PAID, NOTHING)).encode()
    name = "scenarios.jsonl.gz" if packed else "scenarios.jsonl"
    (path / name).write_bytes(gzip.compress(lines) if packed else lines)
    (path / "answers.jsonl").write_text("\n".join(map(json.dumps, answers)), encoding="utf-8")
    return path


def differing(path: Path, *, stored: bool = False) -> dict[str, tuple[str, ...]]:
    done: list[tuple[int, int]] = []
    held = [*evaluate(read(path), load, lambda *now: done.append(now), stored=stored)]
    assert done[-1] == (len(held), len(held))
    return {each.name: each.differs for each in held}


@pytest.mark.parametrize("packed", [False, True])
def test_seasons_that_come_to_their_answer_do_not_differ(tmp_path: Path, packed: bool) -> None:
    assert differing(folder(tmp_path, ANSWERS, packed=packed)) == {"7": (), "8": ()}


def test_what_differs_is_named(tmp_path: Path) -> None:
    other = [
        ANSWERS[0] | {"lines": [LINE | {"share": "1"}]},
        ANSWERS[1] | {"total": "1.00", "undetermined": True},
    ]
    found = differing(folder(tmp_path, other))
    assert found == {"7": ("lines",), "8": ("total", "undetermined")}


def test_a_season_and_its_answer_may_be_files_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "paid.json").write_text(json.dumps(PAID), encoding="utf-8")
    (tmp_path / "paid.answer.json").write_text(json.dumps(ANSWERS[0]), encoding="utf-8")
    assert differing(tmp_path) == {"paid": ()}
    assert differing(tmp_path, stored=True) == {"paid": ("total", "lines")}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "holds no seasons"),
        ({"scenarios.jsonl": json.dumps(PAID)}, "answers.jsonl does not exist"),
        ({"scenarios.jsonl": json.dumps(PAID), "answers.jsonl": json.dumps(ANSWERS[1])}, "season 7: answers.jsonl has no answer of it"),
        ({"a.json": json.dumps(PAID), "a.answer.json": "{}"}, "an answer has total, undetermined, lines"),
        ({"a.json": "[]", "a.answer.json": json.dumps(ANSWERS[0])}, "expected one JSON object"),
        ({"scenarios.jsonl": "{", "answers.jsonl": ""}, "scenarios.jsonl:1: not JSON"),
        ({"scenarios.jsonl.gz": "no gzip", "answers.jsonl": ""}, "can't be read"),
        ({"a.json": json.dumps(PAID | {"season": 1}), "a.answer.json": json.dumps(ANSWERS[0])}, "season a: facts: season"),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_named(
    tmp_path: Path, files: dict[str, str], said: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(WrongCall) as wrong:
        differing(tmp_path)
    assert said in str(wrong.value)


def test_a_folder_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match="does not exist"):
        read(tmp_path / "none")
