"""Every detail that ingest writes of a refused message is found again, and is there in Chinese."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.language import Text, in_language
from ingest.codecs.words import detail_words
from tests.servers.programs import ROOT

FILES = (
    *sorted(set((ROOT / "ingest" / "codecs").rglob("*.py")) - {ROOT / "ingest/codecs/memory.py"}),
    ROOT / "ingest" / "mapping" / "times.py",
    ROOT / "ingest" / "mapping" / "paths.py",
    ROOT / "ingest" / "batch" / "table.py",
    ROOT / "ingest" / "batch" / "decode.py",
)
#: What makes a detail; in `memory.py`, not among the files, a codec's own faults are named.
MAKERS = {
    "Flaw",
    "Lacking",
    "Several",
    "Repeated",
    "Wrong",
    "_Wrong",
    "_Refused",
    "NoCbor",
    "NoMessagePack",
    "TimeRange",
    "ValueError",
}
#: A fault of ours, named as it is.
OF_OURS = {"7: 7"}


def details(path: Path) -> Iterator[str]:
    """The plain texts that a file makes details of, with something in each brace."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in MAKERS
        ):
            for value in node.args:
                if isinstance(value, ast.JoinedStr):
                    yield "".join(_part(each) for each in value.values)
                elif isinstance(value, ast.Constant):
                    yield str(value.value)


def _part(value: ast.expr) -> str:
    if isinstance(value, ast.Constant):
        return str(value.value)
    return "'x'" if isinstance(value, ast.FormattedValue) and value.conversion == ord("r") else "7"


ALL = sorted({each for path in FILES for each in details(path)} - OF_OURS)


def test_there_are_details_to_find() -> None:
    assert len(ALL) > 20


@pytest.mark.parametrize("detail", ALL)
def test_a_detail_is_found_again_in_chinese(detail: str) -> None:
    found = detail_words(detail)
    assert isinstance(found, Text), f"{detail}: add it to ingest/codecs/words.py"
    assert str(found) == detail
    assert any("\u4e00" <= letter <= "\u9fff" for letter in str(in_language(found, "zh")))


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("device 'D9' is not in the registry", "设备 'D9' 不在基础档案中"),
        ("channel t: 'warm' is not a number", "通道 t：'warm' 不是数字"),
        ("no payload of Sparkplug B: Error parsing message", "Error parsing message"),
        ("from an older version", "from an older version"),
    ],
)
def test_details_are_shown_in_chinese_and_foreign_ones_as_they_are(kept: str, shown: str) -> None:
    assert shown in str(in_language(detail_words(kept), "zh"))
