"""`heatwatch evaluate`: what was built, held against a known truth."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Group

from domain.errors import WrongCall
from domain.language import Text, joined, msg, plural
from heatwatch.cli import evaluate_codecs, evaluate_durability, evaluate_seasons
from heatwatch.cli.codes import ANSWER_IS_NO
from heatwatch.cli.options import Config, Json
from heatwatch.cli.policy import folder_of
from heatwatch.cli.settle_verify import progress_bar
from heatwatch.output import emit, formats, grid, note, to_json
from heatwatch.wiring import DEFAULT_CONFIG

if TYPE_CHECKING:
    from heatwatch.evaluate.law import Score, Wrong

TAMPER_EPILOG = """Examples:

heatwatch evaluate tamper                      # 1,000 mutations, some minutes

heatwatch evaluate tamper --count 50 --seed 7 --json"""

LAW_EPILOG = """Examples:

heatwatch evaluate law                                       # every policy with a twin, 2,000 seasons each

heatwatch evaluate law --policy CN-SD-LINYI-2017 --worlds 200 --seed 7 --json

heatwatch evaluate law --policy CN-TJ-2010 --worlds 300 --new-terms   # contracts change inside the seasons

heatwatch evaluate law --amended --worlds 200                # acts are amended inside the seasons"""

app = typer.Typer(no_args_is_help=True, help="Scores against a known truth.")


def register(root: typer.Typer) -> None:
    evaluate_seasons.register(app)
    evaluate_codecs.register(app)
    evaluate_durability.register(app)
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
    as_json: Json = False,
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
    title = plural(
        "{named} of {mutations} mutation named by its kind",
        "{named} of {mutations} mutations named by their kind",
        n=answer["mutations"], named=number(answer["named"]), mutations=number(answer["mutations"]),
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


@app.command(epilog=LAW_EPILOG)
def law(
    policy: Annotated[
        str, typer.Option(help="id or .toml file; default each that has a naive twin")
    ] = "",
    worlds: Annotated[int, typer.Option(help="random seasons of each policy", min=1)] = 2000,
    seed: Annotated[
        int, typer.Option(help="the first season's; same seed, same seasons", min=0)
    ] = 1,
    new_terms: Annotated[
        bool, typer.Option("--new-terms", help="the fee or the contract's terms change inside each")
    ] = False,
    amended: Annotated[
        bool, typer.Option("--amended", help="the act is amended on a day inside each")
    ] = False,
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Settle random seasons against the naive twin and against what no text may break.

    Colder never pays less, more of the same evidence never pays less, a request, a consent or letting
    the crew in never costs; the order of the facts and who is settled together change nothing. Where
    a policy's text breaks one of these its pays_less says so. Exit 5 where anything else differs.
    """
    from analytics.law.policy import load
    from heatwatch.evaluate.law import evaluate
    from heatwatch.evaluate.law_amended import evaluate_amended
    from simulators.law.amendments import AMENDMENTS
    from simulators.law.twins import TWINS, world_of, world_of_new_terms

    scores, season_of = [], world_of_new_terms if new_terms else world_of
    if amended and policy and policy not in AMENDMENTS:
        allowed = ", ".join(AMENDMENTS)
        raise WrongCall(
            msg("--amended: {policy}; allowed: {allowed}", policy=policy, allowed=allowed)
        )
    for name in (policy,) if policy else AMENDMENTS if amended else TWINS:
        chosen = load(name, folder_of(config))
        with progress_bar(
            msg("settling random seasons of {policy}", policy=chosen.policy.id)
        ) as bar:
            seeds = range(seed, seed + worlds)
            scores.append(
                evaluate_amended(name, seeds, bar, season_of)
                if amended
                else evaluate(chosen, seeds, bar, season_of)
            )
    emit([_plain(each) for each in scores], as_json=as_json, table=lambda _: _table(scores))
    wrong = [each for score in scores for each in score.wrong]
    for each in () if as_json else wrong[:1]:
        note(_told(each))
    if wrong:
        raise typer.Exit(ANSWER_IS_NO)


def _plain(score: "Score") -> dict[str, Any]:
    return {
        "policy": score.policy, "worlds": score.worlds, "twin": score.twin,
        "compared": score.compared, "allowed": score.allowed, "wrong": score.wrong,
    }  # fmt: skip


def _table(scores: Sequence["Score"]) -> Any:
    heads = [
        msg("policy"), msg("seasons"), msg("against the twin"), msg("properties tried"),
        msg("paid less as the policy says"), msg("wrong"),
    ]  # fmt: skip
    rows: list[list[object]] = [
        [
            each.policy,
            each.worlds,
            each.compared["twin"] if each.twin else msg("no twin"),
            sum(each.compared.values()) - each.compared["twin"],
            sum(each.allowed.values()),
            len(each.wrong),
        ]
        for each in scores
    ]
    return grid(msg("The law on random seasons"), heads, rows)


def _told(wrong: "Wrong") -> Text:
    """What differs, with the smallest season that shows it."""
    sums = {"expected": wrong.expected["total"], "found": wrong.found["total"]}
    name = f"{wrong.check} {wrong.change}".strip()
    head = msg(
        "seed {seed}, {check}: {expected} was expected, {found} was found; the season, and behind it "
        "the changed one:",
        seed=str(wrong.seed), check=name, **sums,
    )  # fmt: skip
    return joined("\n", [head, *(to_json(each, indent=None) for each in wrong.worlds)])
