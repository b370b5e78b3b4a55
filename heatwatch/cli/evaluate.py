"""`heatwatch evaluate`: how well something is found, against damage that was done on purpose."""

import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group

from domain.language import msg
from heatwatch.cli.codes import ANSWER_IS_NO
from heatwatch.cli.settle_verify import progress_bar
from heatwatch.output import emit, formats, grid

TAMPER_EPILOG = """Examples:

heatwatch evaluate tamper                      # 1,000 mutations, some minutes

heatwatch evaluate tamper --count 50 --seed 7 --json"""

app = typer.Typer(no_args_is_help=True, help="Scores against a known truth.")


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="evaluate")


@app.callback()
def _group() -> None:
    """Scores against a known truth."""


@app.command(epilog=TAMPER_EPILOG)
def tamper(
    count: Annotated[int, typer.Option(min=1, help="how many mutations")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="same seed, same mutations")] = 1,
    folder: Annotated[
        Path | None, typer.Option(help="where the town is made; default a temporary folder")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the answer as JSON")] = False,
) -> None:
    """Whether `settle verify --all` names what was changed, cut, swapped, removed or added.

    In the books, the readings, the journal, the policy and the evidence of a small town, each time
    in a fresh copy, with hashes made anew where they can be. Exit 5 where something was not named
    by its kind, or the check itself failed.
    """
    from heatwatch.evaluate.tamper import failures_said
    from heatwatch.evaluate.tamper import tamper as score
    from heatwatch.services.small_town import build, checked

    with tempfile.TemporaryDirectory(prefix="heatwatch-tamper-", dir=folder) as made:
        town, scratch = Path(made) / "town", Path(made) / "scratch"
        town.mkdir()
        scratch.mkdir()
        built = build(town)
        with progress_bar(msg("mutations")) as progress:
            found = score(town, scratch, checked(built), seed, count, progress)
    emit(
        {
            "seed": found.seed, "mutations": found.mutations, "named": found.named,
            "seconds": found.seconds, "where": found.by_where, "kinds": found.by_kind,
            "failures": found.failures, "lines": failures_said(found.failures),
        },
        as_json=as_json,
        table=_tampered,
    )  # fmt: skip
    if found.failures:
        raise typer.Exit(ANSWER_IS_NO)


def _tampered(answer: dict[str, Any]) -> Any:
    number = formats().number
    title = msg(
        "{named} of {mutations} mutations named by their kind",
        named=number(answer["named"]), mutations=number(answer["mutations"]),
    )  # fmt: skip
    where = [[name, count] for name, count in answer["where"].items()]
    kinds = [[name, count] for name, count in answer["kinds"].items()]
    count = msg("mutations")
    parts = [
        grid(title, [msg("table or file"), count], where),
        grid(msg("Named as"), [msg("damage"), count], kinds),
    ]
    if answer["lines"]:
        lines = [[line] for line in answer["lines"]]
        parts.append(grid(msg("Not named by their kind"), [msg("mutation")], lines))
    return Group(*parts)
