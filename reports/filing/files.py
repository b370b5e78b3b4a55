"""Where reports are filed, and which are missing.

`FOLDER/KIND/COMPANY/KIND_PERIOD.LANGUAGE.FORMAT`, the JSON without a language as it is the same in
each; `KIND_PERIOD_SEASON` where one season follows another inside the period. The JSON is written last: where it is, the report is filed, and a crash before it files the
whole set again. A report that is filed anew, since late data changed it, takes nothing away: the
files from before go to `earlier/`, with the data version that they were made of.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from glob import escape
from itertools import product
from pathlib import Path

from domain.errors import ServerMissing
from domain.language import Text, msg, sentence_of
from reports.filing.seasons import season_days, seasons_in
from reports.render.render import FORMATS
from reports.report import Document, Head, Period, Report
from store.books.registry import Season

#: The format whose file says that the set is whole.
LAST = "json"


def report_path(folder: Path, head: Head, language: str, format_: str) -> Path:
    """The file of one report."""
    suffix = "" if format_ == LAST else f".{language}"
    return folder / head.kind / head.company / f"{_stem(head)}{suffix}.{format_}"


def _stem(head: Head) -> str:
    of = f"_{head.season}" if head.other_seasons else ""
    return f"{head.kind}_{head.period}{of}"


def file_whole(
    folder: Path, made: Document, named: Sequence[str], languages: Sequence[str]
) -> tuple[list[Path], list[Text]]:
    """Writes a report's files whole -> their paths; and what this machine lacks to draw the rest.

    In the formats that are named, or every one that can be drawn. Raises ServerMissing where one
    that is named can't be, and then nothing is written.
    """
    contents: dict[Path, bytes] = {}
    lacking: list[Text] = []
    for format_, language in product(named or FORMATS, languages):
        path = report_path(folder, made.head, language, format_)
        try:
            if path not in contents:
                contents[path] = FORMATS[format_](made, language)
        except ServerMissing as missing_:
            if named:
                raise
            why = sentence_of(missing_)
            lacking.append(msg("no {format} of the report: {why}", format=format_, why=why))
    set_aside(folder, made.head, contents)
    for path, content in contents.items():
        write_whole(path, content)
    return list(contents), lacking


def set_aside(folder: Path, head: Head, contents: Mapping[Path, bytes]) -> None:
    """Keeps the files of this report that new contents would replace or contradict.

    So is one of the whole period, where it has become several seasons' since it was filed.
    """
    own = folder / head.kind / head.company
    for stem in {f"{head.kind}_{head.period}", _stem(head)}:
        found = [path for path in own.glob(f"{escape(stem)}.*") if path.suffix != ".part"]
        if all(contents.get(path) == path.read_bytes() for path in found):
            continue
        version = _version_of(own / f"{stem}.{LAST}")
        for path in sorted(found, key=lambda each: each.suffix != f".{LAST}"):  # not filed first
            rest = path.name.removeprefix(stem)
            path.replace(_free(own / "earlier", f"{stem}.v{version}{rest}"))


def _version_of(path: Path) -> str:
    """The data version that a filed report names; "0" where it can't be told."""
    try:
        return str(int(json.loads(path.read_bytes())["data_version"]))
    except (OSError, ValueError, KeyError, TypeError):
        return "0"


def _free(folder: Path, name: str) -> Path:
    """A name in the folder that nobody has yet."""
    folder.mkdir(parents=True, exist_ok=True)
    stem, _, rest = name.rpartition(".")
    path, number = folder / name, 2
    while path.exists():
        path, number = folder / f"{stem}.{number}.{rest}", number + 1
    return path


#: A period, and the season's code where the period is several seasons'.
Filed = tuple[Period, str]


def filed(folder: Path, kind: str, company: str, report: Report) -> set[Filed]:
    """What of a kind is filed whole, also under the names of earlier versions."""
    found = set()
    for path in (folder / kind / company).glob(f"*.{LAST}"):
        name = path.stem.removeprefix(f"{kind}_")
        with suppress(ValueError):  # somebody else's file
            period = report.period(date.fromisoformat(name.partition("_")[0]))
            whole, _, season = name.partition(f"{period}_")
            found.add((period, "" if whole else season))
    return found


#: Beside the reports of a kind: the first day of the period that automatic filing began with.
BEGUN = ".filed-since"


def begun(folder: Path, kind: str, company: str, first: Period) -> date:
    """The day from which on every period is filed; kept when it is first asked for.

    A report made by hand, of whatever period, does not move it. Damaged, it is asked for anew.
    """
    path = folder / kind / company / BEGUN
    with suppress(OSError, ValueError):
        return date.fromisoformat(path.read_text("ascii").strip())
    write_whole(path, first.first.isoformat().encode())
    return first.first


def first_filed(have: set[Filed], seasons: Sequence[Season]) -> Period | None:
    """The first that is filed in the newest season that has any: where an earlier version began."""
    for season in reversed(seasons):
        if own := [period for period, _ in have if season_days(season, period)]:
            return min(own, key=lambda each: each.first)
    return None


def missing(
    report: Report,
    have: set[Filed],
    seasons: Sequence[Season],
    since: date,
    newest: Period,
) -> Iterator[tuple[Period, Season]]:
    """What is not filed from `since` to the newest period that is over, oldest first."""
    period = report.period(since)
    while period.first <= newest.first:
        inside = seasons_in(seasons, period)
        for season in inside:
            if (period, season.code if len(inside) > 1 else "") not in have:
                yield period, season
        period = report.period(period.after())


def write_whole(path: Path, content: bytes) -> None:
    """A reader never sees half of a file."""
    with whole([path]) as (part,):
        part.write_bytes(content)


@contextmanager
def whole(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """Files that belong together: yields where to write each, and puts all in place or none.

    The last says that the set is whole: its old one goes first, so that a crash between two leaves
    none. Two processes that write the same do not disturb each other.
    """
    parts = [path.with_name(f"{path.name}.{os.getpid()}.part") for path in paths]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield parts
        if len(paths) > 1:
            paths[-1].unlink(missing_ok=True)
        for part, path in zip(parts, paths, strict=True):
            part.replace(path)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
