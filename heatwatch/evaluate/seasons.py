"""Seasons of a folder, settled and held against the answers beside them.

A folder holds `scenarios.jsonl` (or `.jsonl.gz`) with one season a line in the form of `refund try`
and `answers.jsonl` with the answer of each by its `id`; or `NAME.json` beside `NAME.answer.json`;
or both. An answer is `{"total", "undetermined", "lines"}` (`evaluate.law_city.answer_of`).
"""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analytics.facts.facts_file import from_facts
from analytics.facts.implausible import as_stored
from analytics.law.policy import PolicyFile
from analytics.settlement.settle import settle_one
from domain.errors import WrongCall
from domain.language import msg
from heatwatch.evaluate.law_city import answer_of, comparable

Facts = Mapping[str, Any]
SCENARIOS, ANSWERS, ANSWER = "scenarios.jsonl", "answers.jsonl", ".answer.json"
PARTS = ("total", "undetermined", "lines", "findings")


@dataclass(frozen=True, slots=True)
class Season:
    """A season, and what is expected of it."""

    name: str
    facts: Facts
    expected: Facts


@dataclass(frozen=True, slots=True)
class Held:
    """A season that was settled."""

    name: str
    policy: str
    expected: Facts
    found: Facts
    differs: tuple[str, ...]  # of `PARTS`


def read(folder: Path) -> list[Season]:
    """Every season of a folder with its answer; WrongCall names what is missing or can't be read."""
    if not folder.is_dir():
        raise WrongCall(msg("folder {folder} does not exist", folder=folder))
    found = [*_of_lines(folder), *_of_files(folder)]
    if not found:
        raise WrongCall(
            msg(
                "{folder} holds no seasons; expected: {scenarios} (or .gz) with {answers}, or "
                "NAME.json with NAME{answer}",
                folder=folder, scenarios=SCENARIOS, answers=ANSWERS, answer=ANSWER,
            )
        )  # fmt: skip
    return found


def evaluate(
    seasons: Sequence[Season],
    policy_of: Callable[[str], PolicyFile],
    progress: Callable[[int, int], None],
    *,
    stored: bool = False,
) -> Iterator[Held]:
    """Each season settled under the policy that it names, as `refund try` does.

    `stored`: with the checks of readings that come from sensors (`domain.plausible`).
    """
    laws: dict[str, PolicyFile] = {}
    for i, each in enumerate(seasons):
        name = str(each.facts.get("policy", ""))
        with _named(each.name):
            law = laws[name] = laws.get(name) or policy_of(name)
            terms = law.policy
            own = from_facts(each.facts, terms.id, terms.currency, of_money=terms.pays())
            found = answer_of(settle_one(as_stored(own) if stored else own, law))
        yield Held(each.name, terms.id, each.expected, found, _differs(each.expected, found))
        progress(i + 1, len(seasons))


def _differs(expected: Facts, found: Facts) -> tuple[str, ...]:
    sides = zip(PARTS, comparable(dict(expected)), comparable(dict(found)), strict=True)
    return tuple(part for part, one, other in sides if one != other)


@contextmanager
def _named(season: str) -> Iterator[None]:
    """What is wrong with a season says of which."""
    try:
        yield
    except WrongCall as wrong:
        why = wrong.args[0]
        raise WrongCall(msg("season {season}: {why}", season=season, why=why)) from None


def _of_lines(folder: Path) -> Iterator[Season]:
    names = [name for name in (SCENARIOS, f"{SCENARIOS}.gz") if (folder / name).is_file()]
    if not names:
        return
    given = [*_lines(folder / ANSWERS)]
    answers = {str(each.get("id")): _answer(each, folder / ANSWERS) for each in given}
    for name in names:
        for each in _lines(folder / name):
            own = str(each.get("id"))
            if own not in answers:
                raise WrongCall(
                    msg("season {season}: {file} has no answer of it", season=own, file=ANSWERS)
                )
            yield Season(own, each, answers[own])


def _of_files(folder: Path) -> Iterator[Season]:
    for path in sorted(folder.glob("*.json")):
        if path.name.endswith(ANSWER):
            continue
        answer = path.with_name(f"{path.stem}{ANSWER}")
        yield Season(
            path.stem, _object(_text(path), path), _answer(_object(_text(answer), answer), answer)
        )


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for i, line in enumerate(_text(path).splitlines(), start=1):
        if line.strip():
            yield _object(line, f"{path}:{i}")


def _text(path: Path) -> str:
    if not path.is_file():
        raise WrongCall(msg("{file} does not exist", file=path))
    try:
        raw = path.read_bytes()
        return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise WrongCall(msg("{file}: can't be read: {why}", file=path, why=error)) from None


def _object(text: str, where: Path | str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise WrongCall(msg("{facts}: not JSON: {why}", facts=where, why=error)) from None
    if not isinstance(found, dict):
        raise WrongCall(msg("{file}: expected one JSON object", file=where))
    return found


def _answer(given: dict[str, Any], path: Path) -> Facts:
    kept = {name: given[name] for name in PARTS if name in given}
    lines = kept.get("lines")
    if (
        {*PARTS[:3]} - kept.keys()
        or not isinstance(lines, list)
        or not all(isinstance(e, dict) for e in lines)
    ):
        raise WrongCall(msg("{file}: an answer has {keys}", file=path, keys=", ".join(PARTS[:3])))
    return kept
