"""`heatwatch registry template`: a workbook to be filled in."""

from pathlib import Path
from typing import Annotated, Any

import typer

from domain.errors import WrongCall
from domain.language import msg, not_known
from heatwatch.output import emit, grid, spoken_language, writing

EPILOG = """Examples:

heatwatch registry template --out city.xlsx --lang zh

heatwatch registry template --out visits.xlsx --kind requests --kind measurements"""


def register(group: typer.Typer) -> None:
    group.command(epilog=EPILOG)(template)


def template(
    out: Annotated[Path, typer.Option(help="the workbook to make, an .xlsx")],
    kind: Annotated[
        list[str] | None, typer.Option(help="a sheet for this kind; again for more; default all")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the answer as JSON")] = False,
) -> None:
    """Make a workbook with a sheet for each kind: headers, what each column takes, and a small city as example.

    Headers and values are Chinese with --lang zh; both are read. The whole template imports as it is.
    """
    from store.registry.header import sheet_named
    from store.registry.kinds import KIND_OF, KINDS
    from store.registry.template import write_template

    named = [sheet_named(each) for each in kind or ()]
    for text, found in zip(kind or (), named, strict=True):
        if found is None:
            raise WrongCall(not_known("--kind", text, KIND_OF))
    chosen = [each for each in KINDS if not named or each in [one.kind for one in named if one]]
    refuse_no_new_workbook(out, "--out")
    with writing(out.parent, "--out"):
        write_template(out, chosen, spoken_language())
    emit({"file": str(out), "kinds": [each.name for each in chosen]}, as_json=as_json, table=_table)


def refuse_no_new_workbook(path: Path, option: str) -> None:
    """WrongCall where no workbook can be made there; `option` named it."""
    if path.suffix.lower() != ".xlsx":
        raise WrongCall(
            msg("{option} {path}: allowed: a name that ends with .xlsx", option=option, path=path)
        )
    if path.exists():
        raise WrongCall(msg("{option} {path} is there already", option=option, path=path))


def _table(answer: dict[str, Any]) -> Any:
    return grid(answer["file"], [msg("sheet")], [[sheet_of(each)] for each in answer["kinds"]])


def sheet_of(kind: str) -> str:
    """A kind as the reader's sheets are called; another table as it is named."""
    from store.registry.header import sheet_heading
    from store.registry.kinds import KIND_OF

    found = KIND_OF.get(kind)
    return sheet_heading(found, chinese=spoken_language() == "zh") if found else kind


def column_of(kind: str, column: str) -> str:
    """A column as the reader's sheets call it; one of another table as it is named."""
    from store.registry.header import heading
    from store.registry.kinds import KIND_OF

    found = KIND_OF.get(kind)
    known = found is not None and column in found.at
    return heading(found, column, chinese=spoken_language() == "zh") if found and known else column
