"""`heatwatch evaluate codecs`: every format against messages that nobody means to send."""

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Group

from domain.errors import WrongCall
from domain.language import msg, plural, sentence_of
from heatwatch.cli.codes import ANSWER_IS_NO
from heatwatch.cli.options import Json
from heatwatch.cli.settle_verify import progress_bar
from heatwatch.output import emit, formats, grid

EPILOG = """Examples:

heatwatch evaluate codecs --frames 100000 --seed 7       # every format

heatwatch evaluate codecs --format senml --format native --json"""

#: What a failure is called.
WHATS = {
    "exception": msg("raised an exception"),
    "hangs": msg("took too long"),
    "memory": msg("took too much memory"),
    "answer": msg("gave a wrong answer"),
}


def register(app: typer.Typer) -> None:
    app.command(epilog=EPILOG)(codecs)


def codecs(
    frames: Annotated[int, typer.Option(min=1, help="messages for each format")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="same seed, same messages")] = 1,
    form: Annotated[
        list[str] | None, typer.Option("--format", help="a format; default every one")
    ] = None,
    as_json: Json = False,
) -> None:
    """Whether every format answers to damaged and foreign messages with readings or named faults.

    Its golden messages are cut, altered, doubled and replaced by noise. A message fails where it
    raises an exception, takes more than a second of CPU time or more than 128 MB, or has an answer
    that nobody could use. Exit 5 where one failed.
    """
    from heatwatch.evaluate.codecs import evaluate
    from ingest.formats import CODECS, known_format

    try:
        names = [known_format(name) for name in form or CODECS]
    except ValueError as wrong:
        raise WrongCall(msg("--{wrong}", wrong=sentence_of(wrong))) from None
    scores = []
    for name in names:
        with progress_bar(msg("messages of {format}", format=name)) as bar:
            scores.append(asdict(evaluate(name, seed, frames, bar)))
    failed = sum(each["failed"] for each in scores)
    emit({"seed": seed, "failed": failed, "formats": scores}, as_json=as_json, table=_table)
    if failed:
        raise typer.Exit(ANSWER_IS_NO)


def _table(answer: dict[str, Any]) -> Any:
    number, scores = formats().number, answer["formats"]
    every = sum(each["frames"] for each in scores)
    title = plural(
        "{failed} of {frames} message failed", "{failed} of {frames} messages failed",
        n=every, failed=number(answer["failed"]), frames=number(every),
    )  # fmt: skip
    columns = [
        msg("format"), msg("messages"), msg("readings"), msg("refused"), msg("no readings"),
        msg("slowest [ms]"), msg("memory [MB]"), msg("failed"),
    ]  # fmt: skip
    rows = [
        [
            each["format"], each["frames"], each["readings"], sum(each["refused"].values()),
            each["silent"], each["slowest_ms"], each["megabytes"], each["failed"],
        ]
        for each in scores
    ]  # fmt: skip
    parts = [grid(title, columns, rows)]
    lines = [
        [score["format"], each["number"], WHATS[each["what"]], each["detail"]]
        for score in scores
        for each in score["failures"]
    ]
    if lines:
        names = [msg("format"), msg("message"), msg("what it did"), msg("detail")]
        parts.append(grid(msg("Messages that failed"), names, lines))
    return Group(*parts)
