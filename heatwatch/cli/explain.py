"""`heatwatch explain`: why a household gets what it gets."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from rich.console import Group

from domain.errors import WrongCall
from domain.language import Text, msg, msg_in, not_known
from domain.names import ROOM_USES
from heatwatch.cli import what_if as what_ifs
from heatwatch.cli.explain_unknown import Unknowns, unknowns
from heatwatch.cli.options import Company, Config, Json, Season
from heatwatch.cli.settle_verify import money, progress_bar, reason_words
from heatwatch.output import emit, formats, grid, note, said, spoken_language, words_of, writing
from heatwatch.wiring import DEFAULT_CONFIG, open_world

EPILOG = """Examples:

heatwatch explain S1-03-B2-0104 --season 2025-26

heatwatch explain S1-03-B2-0104 --season 2025-26 --lang zh    # in Chinese

heatwatch explain 37_12 --season 2024-25 --policy henan-at-20.toml

heatwatch explain S1-03-B2-0104 --season 2025-26 --format pdf --out letter.pdf    # for the resident

heatwatch explain --all --season 2025-26 --format html --out letters    # of every household

heatwatch explain --all --changed --season 2025-26 --format pdf --out letters    # behind a correction"""

#: What a letter is written as: `reports.letters.page` has the writers.
LETTERS = ("html", "pdf", "text")


def register(app: typer.Typer) -> None:
    app.command(epilog=EPILOG)(explain)


def explain(
    season: Season,
    household: Annotated[str, typer.Argument(help="code of the household")] = "",
    policy: Annotated[
        str, typer.Option(help="recompute under this id or .toml file; nothing is kept")
    ] = "",
    run: Annotated[
        int | None, typer.Option("--run", help="number of the run; default the newest")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="a letter for every household of the run, into --out")
    ] = False,
    changed: Annotated[
        bool,
        typer.Option(
            "--changed", help="with --all: only of results that differ from the approved run before"
        ),
    ] = False,
    format_: Annotated[
        str,
        typer.Option(
            "--format", help="write a letter in this format", metavar=f"[{'|'.join(LETTERS)}]"
        ),
    ] = "",
    out: Annotated[
        Path | None, typer.Option(help="file of the letter; with --all the folder of the letters")
    ] = None,
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Each step from the readings to the sum, with its clause: as kept in a run, or recomputed.

    With --format and --out it is a letter for the resident or a court, with the curve of the room.
    """
    from analytics.ledger.drafts import runs
    from heatwatch.services.companies import company_of_season
    from store.books.ledger import WHAT_IF
    from store.registry.places import place_code

    if policy and run is not None:
        raise WrongCall(msg("--policy recomputes, --run shows what was kept; give one of them"))
    _refuse_contradictions(household, every, policy, format_, out)
    if changed and not every:
        raise WrongCall(msg("--changed only goes with --all"))
    world = open_world(config)
    household = place_code(world.books, household)
    company_of_season(world, company, season)
    drafts = [each for each in runs(world.books, season) if each.state != WHAT_IF]
    anew = bool(policy) or (run is None and not drafts)
    if out is not None:
        wanted = _Wanted(world, season, policy, run, format_ or _format_of(out))
        files = (
            _write_all(wanted, out, changed) if every else _write_one(wanted, household, out, anew)
        )
        emit(files, as_json=as_json, table=_written)
        return
    answer, unknown = (
        _anew(world, household, season, policy) if anew else _kept(world, household, season, run)
    )
    rooms = _rooms(world, household)
    emit(
        answer | {"unknown": unknown.body()},
        as_json=as_json,
        table=lambda data: Group(sheet(data, rooms), *unknown.tables(rooms)),
    )


def _refuse_contradictions(
    household: str, every: bool, policy: str, format_: str, out: Path | None
) -> None:
    """WrongCall where what is asked for does not go together."""
    if every == bool(household):
        raise WrongCall(msg("give the code of a household, or --all for every one of a run"))
    if every and policy:
        raise WrongCall(msg("--all writes the letters of a run; with --policy name one household"))
    if format_ and format_ not in LETTERS:
        raise WrongCall(not_known("--format", format_, LETTERS))
    if out is None and (every or format_):
        given = "--all" if every else f"--format {format_}"
        raise WrongCall(msg("{option} needs --out: where to write it", option=given))
    if every and not format_:
        raise WrongCall(not_known("--format", "", LETTERS))


def _format_of(out: Path) -> str:
    """The format that a file's name ends with."""
    known = {".html": "html", ".pdf": "pdf", ".txt": "text"}
    if (found := known.get(out.suffix.lower())) is None:
        raise WrongCall(
            msg("--out {file}: the name ends with no known format; give --format", file=str(out))
        )
    return found


class _Wanted(NamedTuple):
    """Which letters are asked for."""

    world: Any
    season: str
    policy: str
    run: int | None
    format: str


def _write_one(wanted: _Wanted, household: str, out: Path, anew: bool) -> dict[str, Any]:
    from analytics.ledger.drafts import newest
    from heatwatch.services.letters import Letters, computed
    from reports.filing.files import write_whole
    from reports.letters.page import FORMATS

    world, season = wanted.world, wanted.season
    if anew:
        made = computed(world, season, household, wanted.policy)
    else:
        found = newest(world.books, season, wanted.run)
        letters = Letters(world, found)
        made = letters.letter(household)
        if letters.told_otherwise(household):
            note(
                msg(
                    "facts of household {household} were recorded, corrected or withdrawn since run {run} was drafted; its letter has those that the run took: heatwatch evidence history {household}",
                    household=household, run=found.run,
                )
            )  # fmt: skip
    with writing(out.parent, "--out"):
        write_whole(out, FORMATS[wanted.format](made, spoken_language()))
    number = None if made.run is None else made.run.number
    return {"household": household, "season": season, "run": number, "file": str(out)}


def _write_all(wanted: _Wanted, out: Path, changed: bool) -> dict[str, Any]:
    from analytics.ledger.drafts import newest
    from analytics.ledger.ended_facts import SHOWN, ended_facts
    from heatwatch.services.letters import Letters, write_all

    world = wanted.world
    found = newest(world.books, wanted.season, wanted.run)
    letters = Letters(world, found)
    with writing(out, "--out"), progress_bar(msg("letters")) as progress:
        new, before = write_all(
            letters, found, out, wanted.format, spoken_language(), progress, changed=changed
        )
    ended = ended_facts(world.books, found.run)
    for fact in ended[:SHOWN]:
        note(fact.said(world.formats))
    return {
        "season": wanted.season,
        "run": found.run,
        "folder": str(out),
        "written": new,
        "there_before": before,
    }


def _written(data: dict[str, Any]) -> Any:
    if "file" in data:
        return grid(msg("Letter"), [msg("file")], [[data["file"]]])
    names = [msg("folder"), msg_in("letters", "written now"), msg("there before")]
    return grid(msg("Letters"), names, [[data["folder"], data["written"], data["there_before"]]])


def _rooms(world: Any, household: str) -> dict[str, str]:
    """Code -> name of each room of a household; by its use where the registry has no name."""
    from domain.tree import place_name
    from store.registry.rooms import rooms_of

    spoken = spoken_language()
    return {
        each.code: place_name(each.code, each.name, each.name_en, spoken)
        if each.name
        else said(msg("{use} {code}", use=ROOM_USES[each.use.value], code=each.code))
        for each in rooms_of(world.books, household)
    }


def _anew(world: Any, household: str, season: str, policy: str) -> tuple[dict[str, Any], Unknowns]:
    from heatwatch.services.letters import of_settlement
    from heatwatch.services.settling import compute
    from heatwatch.services.unsigned import uncounted

    settlement = compute(world, season, policy, household)
    result, used = settlement.results[0], settlement.policy.policy
    unknown = unknowns(lambda: of_settlement(world, season, settlement))
    return answer_of(
        household, used.id, (str(result.total), result.currency) if used.pays() else None, result.undetermined,
        result.reason.code, result.steps, used.interpretations, used.what_if, used.title,
    ) | {"what_if": used.id != settlement.snapshot.season.policy, "not_counted": uncounted(world, season, household, used.records)}, unknown  # fmt: skip


def _kept(
    world: Any, household: str, season: str, run: int | None
) -> tuple[dict[str, Any], Unknowns]:
    from analytics.ledger.drafts import kept, newest
    from analytics.ledger.left_homes import has_left, nothing
    from heatwatch.services.letters import Letters
    from heatwatch.services.not_in_run import not_in_run
    from heatwatch.services.unsigned import uncounted

    found = newest(world.books, season, run)
    result, law = next(kept(world.books, found.run, household), None), _law(world, found)
    if result is None:
        if not has_left(world.books, found.run, household):
            raise not_in_run(world, household, found)
        result = nothing(household)
    records = None if law is None else law.records
    total = (str(result.total), found.currency) if law is None or law.pays() else None
    unknown = unknowns(lambda: Letters(world, found).letter(household))
    return answer_of(
        household, found.policy, total, result.undetermined, result.reason,
        result.steps, () if law is None else law.interpretations,
        None if law is None else law.what_if, None if law is None else law.title,
    ) | {"run": found.run, "what_if": found.state == "what_if", "not_counted": uncounted(world, season, household, records)}, unknown  # fmt: skip


def _law(world: Any, run: Any) -> Any:
    """The policy that a run was made under; None where it is not known."""
    from analytics.law.policy import load
    from analytics.ledger.frozen_inputs import Unkept, policy

    with suppress(Unkept):
        return policy(world.books, run.policy_sha256).policy
    with suppress(WrongCall):  # from before policies were kept: one that ships, if unchanged
        shipped = load(run.policy, world.policies)
        return shipped.policy if shipped.sha256 == run.policy_sha256 else None
    return None


def answer_of(
    household: str, policy: str, total: tuple[str, str] | None, undetermined: bool, reason: str,
    steps: Sequence[dict[str, Any]], interpretations: Sequence[Any], overlay: Any = None,
    act: Any = None,
) -> dict[str, Any]:  # fmt: skip
    """The answer as JSON gives it; `total` is an amount and its currency, None under a law without money.

    `overlay` is the policy's where it is a what-if, `act` its title. `interpretations` are all that the policy cites, `applied` the names of those the result rests on.
    """
    from analytics.law.applied import applied
    from analytics.law.findings import listed

    amount, currency = total or (None, None)
    found = {} if total else {"findings": listed(steps)}
    return {
        "household": household,
        "policy": policy,
        "act": None if act is None else act.model_dump(),
        **({} if overlay is None else {"overlay": what_ifs.body_of(overlay)}),
        "total": amount,
        "currency": currency,
        "undetermined": undetermined,
        "reason": reason,
        **found,
        "steps": list(steps),
        "interpretations": [each.model_dump(exclude_none=True) for each in interpretations],
        "applied": [each.name for each in applied(steps, interpretations)],
    }


def _cited(step: dict[str, Any], lang: str, act: str, titles: Mapping[str, str]) -> str:
    """A step's clause, and by its title the interpretation that the step rests on."""
    from analytics.law.clauses import clause_in

    named = [titles.get(name) or title_of(name)] if (name := step.get("interpretation")) else []
    return "\n".join([clause_in(step["clause"], lang, act), *named])


def title_of(name: str, own: Any = None) -> str:
    """What the person at the terminal reads for an interpretation; `own`: the policy's title."""
    from analytics.law.interpretations import title

    found = title(name, own)
    return said(found) if isinstance(found, Text) else words_of(found)


def _not_counted(record: Mapping[str, Any], rooms: Mapping[str, str]) -> Text:
    """Which measurement record was not counted, and why."""
    return msg(
        "{room}, {at}: signed by {n}, evidence from {needed} signatures on",
        room=rooms.get(record["room"], record["room"]),
        at=formats(record["at"].tzinfo.key).instant(record["at"]),
        n=record["signatures"], needed=record["needed"],
    )  # fmt: skip


def sheet(data: dict[str, Any], rooms: Mapping[str, str] | None = None) -> Any:
    """Steps and interpretations as tables for a terminal; rooms by these names."""
    from analytics.law.clauses import clause_in
    from analytics.law.steps import shown

    lang = spoken_language()
    overlay = data.get("overlay")
    head = [data["household"], what_ifs.policy_words(data["policy"], overlay)]
    if data["total"] is not None:
        head.append(money(data["total"], data["currency"]))
    told = what_ifs.notice(overlay, data.get("what_if", False))
    head.append(said(reason_words(data["reason"], what_if=told is not None)))
    if data["undetermined"]:
        head.append(said(msg("partly undetermined")))
    titles = {
        each["name"]: title_of(each["name"], each.get("title")) for each in data["interpretations"]
    }
    act = (data.get("act") or {}).get("zh", "")
    steps = [[_cited(each, lang, act, titles), shown(each, lang, rooms)] for each in data["steps"]]
    parts = [grid(" · ".join(head), [msg("clause"), msg("step")], steps)]
    if data.get("not_counted"):
        rows = [
            [clause_in(each["clause"], lang, act), _not_counted(each, rooms or {})]
            for each in data["not_counted"]
        ]
        title_ = msg("Measurement records that were not counted")
        parts.append(grid(title_, [msg("clause"), msg("reason")], rows))
    used = [each for each in data["interpretations"] if each["name"] in data["applied"]]
    if used:
        rows = [
            [titles[each["name"]], clause_in(each["interprets"], lang, act), words_of(each)]
            for each in used
        ]
        names = [msg("interpretation"), msg("clause"), msg("meaning")]
        parts.append(grid(msg("What open texts are taken to mean"), names, rows))
    return what_ifs.under(told, Group(*parts))
