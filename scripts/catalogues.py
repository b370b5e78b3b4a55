"""Brings the catalogues up to date with the sentences in the code.

usage: scripts/catalogues.py [--check]

Every `msg("...")`, `kept_msg("...")`, `msg_in("context", "...")` and `plural("...", "...")` of the rooms, and every
paragraph of the commands' help, is an entry of
`domain/locale/LANGUAGE.po`, sorted; a new one waits there with an empty translation, one that no
code uses is dropped. The books keep the sentences of `KEPT_IN_RUNS` with the steps of each run: they
are marked, and stay when the code has other ones. With --check nothing is written: what is missing
in a whole language is listed, and exit is 1; one that is begun may lack sentences, it says how many.
"""

import ast
import sys
from collections.abc import Iterator, Sequence, Set
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
ROOMS = (
    "heatwatch", "dashboards", "reports", "alerts", "cases",
    "analytics", "ingest", "store", "domain", "simulators",
)  # fmt: skip
#: Rooms whose sentences stand in the steps of kept runs.
KEPT_IN_RUNS = ("analytics/law", "analytics/settlement")
#: Whole languages; another one may be begun with a handful of sentences.
COMPLETE = ("zh",)
MARK = "kept in runs"  # a comment of their entries
#: What is called with a sentence -> how many strings it comes with.
CALLS = {"msg": 1, "kept_msg": 1, "msg_in": 2, "plural": 2}
Key = tuple[str, str, str]  # context, sentence, English plural or ""


def _strings(call: ast.Call, count: int) -> list[str] | None:
    found = [a.value for a in call.args[:count] if isinstance(a, ast.Constant)]
    return found if len(found) == count and all(isinstance(f, str) for f in found) else None


@cache
def _calls(text: str) -> list[tuple[int, str, list[str] | None]]:
    """(line, what is called, with which words; None: computed ones) of a file's text, which is asked for twice."""
    return [
        (node.lineno, node.func.id, _strings(node, count))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if (count := CALLS.get(node.func.id)) is not None
    ]


def sentences(root: Path = ROOT, rooms: Sequence[str] = ROOMS) -> Iterator[Key]:
    """Every sentence of the code under `root`; ValueError names a call whose words are computed."""
    for path in sorted(p for room in rooms for p in (root / room).rglob("*.py")):
        text = path.read_text("utf-8")
        if not any(name in text for name in CALLS):
            continue  # most of the time goes into walking through what has no sentence
        for line, name, words in _calls(text):
            if words is None:
                raise ValueError(f"{path}:{line}: the sentence of {name} must be written out")
            match name:
                case "msg" | "kept_msg":
                    yield "", words[0], ""
                case "msg_in":
                    yield words[0], words[1], ""
                case _:
                    yield "", words[0], words[1]


def help_sentences() -> Iterator[Key]:
    """Every paragraph of the commands' help."""
    import typer.main

    from heatwatch.cli.app import build
    from heatwatch.cli.localized import help_sentences as found

    yield from (("", each, "") for each in found(typer.main.get_command(build())))


def every_sentence() -> set[Key]:
    """The code's sentences and the commands' help."""
    return {*sentences(), *help_sentences()}


def _entry(catalogue: Catalog, key: Key) -> tuple[str, ...]:
    context, sentence, _ = key
    old = catalogue.get(sentence, context or None)
    if old is None or not old.string:
        return ("",)
    return old.string if isinstance(old.string, tuple) else (old.string,)


def kept_in(catalogue: Catalog) -> set[Key]:
    """The sentences that are marked as kept in runs, also those that no code uses any more."""
    marked = (each for each in catalogue if each.id and MARK in each.auto_comments)
    return {
        (each.context or "", *(each.id if isinstance(each.id, tuple) else (each.id, "")))
        for each in marked
    }


def updated(catalogue: Catalog, keys: Set[Key], kept: Set[Key] = frozenset()) -> Catalog:
    """The catalogue with these sentences and no others, translations kept.

    `kept`: sentences of kept runs; they are marked.
    """
    new = Catalog(
        locale=catalogue.locale, project="heatwatch", version="1", header_comment=f"# {catalogue.locale}",
        creation_date=catalogue.creation_date, revision_date=catalogue.revision_date, fuzzy=False,
        msgid_bugs_address="heatwatch", last_translator="heatwatch", language_team="heatwatch",
    )  # fmt: skip
    forms = f"nplurals={catalogue.num_plurals}; plural={catalogue.plural_expr};"
    new.mime_headers = [
        ("Plural-Forms", forms)
    ]  # its own, which its translations have been written for
    for key in sorted(keys | kept):
        context, sentence, many = key
        found = _entry(catalogue, key)
        plural = (found * new.num_plurals)[: new.num_plurals]
        new.add(
            (sentence, many) if many else sentence,
            plural if many else found[0],
            auto_comments=[MARK] if key in kept else [],
            context=context or None,
        ).flags.clear()  # fewer lines in which two branches can meet
    return new


def missing(catalogue: Catalog, keys: Set[Key]) -> list[str]:
    """Sentences that the catalogue does not translate."""
    return [key[1] for key in sorted(keys) if not _entry(catalogue, key)[0]]


def catalogues() -> dict[Path, Catalog]:
    """Every catalogue, by its file."""
    found = {}
    for path in sorted((ROOT / "domain" / "locale").glob("*.po")):
        with path.open("rb") as file:
            found[path] = read_po(file, locale=path.stem)
    return found


def kept_sentences() -> set[Key]:
    """Sentences of the steps of runs: those of the code, and older ones that a catalogue has."""
    older = (key for each in catalogues().values() for key in kept_in(each))
    return {*sentences(rooms=KEPT_IN_RUNS), *older}


def main(check: bool) -> int:
    keys, kept = every_sentence(), kept_sentences()
    lacking = 0
    for path, catalogue in catalogues().items():
        if not check:
            new = updated(catalogue, keys, kept)
            with path.open("wb") as file:
                write_po(file, new, width=0, sort_output=True, omit_header=False)
        lost = missing(catalogue, keys | kept)
        if path.stem not in COMPLETE:
            print(f"{path.name}: {len(keys | kept) - len(lost)} of {len(keys | kept)} translated")
            continue
        lacking += len(lost)
        for sentence in lost:
            print(f"{path.name}: {sentence!r} has no translation")
    return 1 if lacking and check else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
