"""`heatwatch policy`: the law as data."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Group

from domain.actor import By
from domain.errors import WrongCall
from domain.language import Text, joined, msg, msg_in, plural, sentence_of
from domain.time import written_day
from heatwatch.cli import what_if as overlays
from heatwatch.cli.codes import ANSWER_IS_NO
from heatwatch.cli.options import ByOption, Company, Config, Json, ReasonOption, actor_of
from heatwatch.cli.policy_compare import compare
from heatwatch.output import emit, grid, note, said, spoken_language, words_of
from heatwatch.wiring import DEFAULT_CONFIG, open_world

if TYPE_CHECKING:
    from analytics.law.policy import Policy, PolicyFile
    from analytics.law.terms import Row

EPILOG = """Examples:

heatwatch policy list

heatwatch policy show CN-HA-2018

heatwatch policy show my-20-degrees.toml    # an overlay: what it changes, and what comes of it

heatwatch policy check my-city.toml

heatwatch policy compare CN-HA-2018 my-city.toml --season 2024-25    # a what-if

heatwatch policy confirm CN-TJ-2010 --document "Tianjin gazette 2010-12" --date 2026-10-08 --by Li

heatwatch policy adopt --season 2024-25    # its file becomes one of the folder law.policies"""


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        no_args_is_help=True, help="The law as data: refund policies.", epilog=EPILOG
    )
    group.command("list", epilog=EPILOG)(list_)
    group.command("show", epilog=EPILOG)(show)
    group.command("check", epilog=EPILOG)(check)
    group.command("compare", epilog=EPILOG)(compare)
    group.command("confirm", epilog=EPILOG)(confirm)
    group.command("adopt", epilog=EPILOG)(adopt)
    app.add_typer(group, name="policy")


def folder_of(config: Path) -> Path | None:
    """The configuration's folder of policies; None where the default file is not there."""
    if config == DEFAULT_CONFIG and not config.is_file():
        return None
    return open_world(config).policies


def list_(as_json: Json = False, config: Config = DEFAULT_CONFIG) -> None:
    """List the policies that come with heatwatch, and those of the configured folder.

    A template, or a text of the company's own, settles once an administrator has confirmed it: heatwatch policy confirm.
    """
    from analytics.law.policy import broken, known, what_ifs

    folder = folder_of(config)
    stand = _confirmations(config)
    found = [
        {
            "id": each.policy.id,
            "title": words_of(each.policy.title),
            "since": each.policy.in_force.since,
            "grade": each.policy.grade,
            "template": each.policy.is_template,
            "to_confirm": each.policy.to_confirm,
            "confirmed": [one for one in stand if one["sha256"] == each.text_sha256],
            "sha256": each.sha256,
            "overlay": overlays.body_of(each.policy.what_if),
        }
        for each in (*known(folder), *what_ifs(folder))
    ]
    emit(
        {"policies": found},
        as_json=as_json,
        table=lambda data: grid(
            msg("Policies"),
            [
                msg("id"),
                msg("title"),
                msg("in force since"),
                msg("grade"),
                msg("settles"),
                "sha256",
            ],
            [
                [
                    overlays.policy_words(row["id"], row["overlay"]),
                    row["title"],
                    str(row["since"] or ""),
                    row["grade"],
                    _settles(row["to_confirm"], row["template"], row["confirmed"])
                    if row["overlay"] is None
                    else msg("a what-if"),
                    row["sha256"][:12],
                ]
                for row in data["policies"]
            ],
        ),
    )
    for fault in broken(folder):
        raise fault  # once the others are shown


def show(
    policy: Annotated[str, typer.Argument(help="id, or a .toml file")],
    as_json: Json = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Show one policy: its numbers with their clauses, and what open texts are taken to mean.

    Of a what-if (an overlay on another policy) first what is changed against its base, and why.
    """
    from analytics.law.policy import load

    chosen = load(policy, folder_of(config))
    stand = [each for each in _confirmations(config) if each["sha256"] == chosen.text_sha256]
    more = {
        "template": chosen.policy.is_template, "to_confirm": chosen.policy.to_confirm,
        "confirmed": stand, "sha256": chosen.sha256,
    }  # fmt: skip
    emit(
        chosen.policy.plain() | more,
        as_json=as_json,
        table=lambda _: _sheet(chosen, stand),
    )


def _confirmations(config: Path) -> list[dict[str, Any]]:
    """Confirmations of the configuration's companies; without a configuration or books there are none."""
    if config == DEFAULT_CONFIG and not config.is_file():
        return []
    from heatwatch.services.existing_books import are_there
    from store.evidence.confirmations import confirmations

    world = open_world(config)
    if not are_there(world.config.store.books):
        return []
    return [
        {
            "company": each.company, "sha256": each.sha256, "document": each.document,
            "dated": each.dated, "by": each.by, "at": each.at,
        }
        for each in confirmations(world.books, [each.code for each in world.config.all_companies])
    ]  # fmt: skip


def _settles(to_confirm: bool, template: bool, confirmed: Sequence[Mapping[str, Any]]) -> Text:
    """Whether a policy settles, and who has confirmed a text that has to be."""
    if not to_confirm:
        return msg("yes")
    if not confirmed:
        return msg("template, not confirmed") if template else msg("own text, not confirmed")
    parts = [
        msg(
            "{company}: confirmed by {name}, {document} of {day}",
            company=each["company"], name=each["by"].shown(), document=each["document"],
            day=each["dated"],
        )
        for each in confirmed
    ]  # fmt: skip
    return joined("; ", parts)


def _sheet(chosen: "PolicyFile", stand: Sequence[Mapping[str, Any]]) -> Any:
    from analytics.law.clauses import clause_in
    from heatwatch.cli.explain import title_of

    policy = chosen.policy
    lang = spoken_language()
    of_act = [row for _, row in _dated_rows((chosen.base or chosen).policy)]
    rows: list[list[object]] = [
        [
            what if day is None else msg("{what}, from {day} on", what=what, day=day), value,
            clause_in(clause, lang) if row in of_act else _changed(clause, lang),
        ]
        for day, row in _dated_rows(policy) for what, value, clause in (row,)
    ]  # fmt: skip
    rows += [
        [
            title_of(each.name, each.title),
            words_of(each),
            clause_in(each.interprets, lang),
        ]
        for each in policy.interpretations
    ]
    rows += [
        [msg("where more may pay less"), words_of(each), clause_in(each.clause, lang)]
        for each in policy.pays_less
    ]
    grade = said(msg("grade {grade}", grade=policy.grade))
    if policy.to_confirm:
        grade += f" · {said(_settles(policy.to_confirm, policy.is_template, stand))}"
    overlay = overlays.body_of(policy.what_if)
    name = overlays.policy_words(policy.id, overlay)
    head = f"{name} · {words_of(policy.title)} · {grade} · {chosen.sha256[:12]}"
    whole = grid(head, [msg_in("policy", "number"), msg("value"), msg("clause")], rows)
    if policy.what_if is None:
        return whole
    return overlays.under(
        overlays.notice(overlay, True), Group(overlays.changes(policy.what_if), whole)
    )


def _dated_rows(policy: "Policy") -> Iterator[tuple[date | None, "Row"]]:
    """A policy's rows, None beside them; then those that are new on each day at which values change."""
    before = [*policy.rows()]
    yield from ((None, row) for row in before)
    for day, then in policy.later:
        rows = [*then.rows()]
        yield from ((day, row) for row in rows if row not in before)
        now = {str(what.message) for what, _, _ in rows}
        yield from (
            (day, (what, msg("none"), clause))
            for what, _, clause in before
            if what.message not in now
        )
        before = rows


def _changed(clause: str, lang: str) -> Text:
    """The clause of a number that an overlay has changed."""
    from analytics.law.clauses import clause_in

    return msg("{clause}, changed", clause=clause_in(clause, lang))


def check(
    files: Annotated[list[Path], typer.Argument(help="policy files")],
    as_json: Json = False,
) -> None:
    """Check policy files, and that the cases beside them (ID.cases.yaml) come out; exit 5 where not."""
    found = []
    for path in files:
        checked = _checked(path if path.suffix == ".toml" else str(path))
        found.append({"file": str(path), **checked})
        if not (as_json or checked["right"]):  # whole lines, which a table would cut
            note(checked["says"])
    emit(
        {"files": found},
        as_json=as_json,
        table=lambda data: grid(
            msg("Policy files"),
            [msg("file"), msg("right"), msg("cases"), msg("id, or faults")],
            [[row["file"], row["right"], row["cases"], _in_short(row)] for row in data["files"]],
        ),
    )
    if not all(each["right"] for each in found):
        raise typer.Exit(ANSWER_IS_NO)


def _checked(which: Path | str) -> dict[str, Any]:
    """Whether a policy is right, how many cases it has, and its id or what is wrong."""
    from analytics.law.policy import load
    from analytics.settlement.policy_cases import cases_of, run_case

    count = 0
    try:
        policy = load(which)
        for warning in policy.warnings:
            note(warning)
        outcomes = [run_case(case, policy) for case in cases_of(which) or ()]
        count = len(outcomes)
    except WrongCall as wrong:
        return {"right": False, "cases": count, "says": sentence_of(wrong)}
    faults = [
        said(msg("{policy}: case {name!r}: {why}", policy=policy.policy.id, name=name, why=why))
        for name, why in ((each.case.name, why) for each in outcomes for why in each.differs)
    ]
    says = "\n".join(faults) or policy.policy.id
    return {"right": not faults, "cases": count, "says": says}


def _in_short(row: Mapping[str, Any]) -> str | Text:
    """The id of a policy; of a file that is none how many faults it has, which stand above."""
    lines = str(row["says"]).count("\n") + 1
    return row["says"] if row["right"] else plural("{n} fault", "{n} faults", n=lines)


def adopt(
    season: Annotated[str, typer.Option(help="code of a season that names a policy file")],
    file: Annotated[
        Path | None, typer.Option(help="the policy file; default the one that the season names")
    ] = None,
    by: ByOption = "",
    reason: ReasonOption = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Copy a policy file into the configured folder of policies, and let the season name its id."""
    from heatwatch.services.adopting import adopt as adopted
    from heatwatch.services.companies import company_of_season

    actor, world = actor_of(by), open_world(config)
    company_of_season(world, company, season)
    policy, copy = adopted(world, season, file, By(actor, world.now(), reason))
    emit(
        {"season": season, "policy": policy, "file": str(copy)},
        as_json=as_json,
        table=lambda _: said(
            msg(
                "Season {season} names policy {id}, kept as {file}",
                season=season,
                id=policy,
                file=copy,
            )
        ),
    )


def confirm(
    policy: Annotated[str, typer.Argument(help="id of a template, or of a policy of the folder")],
    document: Annotated[
        str, typer.Option(help="what the text was held against: gazette, number, address")
    ] = "",
    date_: Annotated[str, typer.Option("--date", help="the document's date, as 2026-10-08")] = "",
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="end a confirmation; needs --reason")
    ] = False,
    by: ByOption = "",
    reason: ReasonOption = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Confirm the text of a template or of a company's own policy, so that its seasons are settled under it.

    The confirmation is of this very file: a changed one is to be confirmed anew. It is kept with its
    document and actor, and shown by `policy list`, on sheets and in each run made under it.
    """
    from heatwatch.selection import company_of
    from heatwatch.services.confirming import confirm_policy, withdraw_policy

    actor, world = actor_of(by), open_world(config)
    code, who = company_of(world.config, company).code, By(actor, world.now(), reason)
    if withdraw:
        found = withdraw_policy(world, code, policy, who)
        text = msg(
            "The confirmation of {policy} for {company} is withdrawn", policy=policy, company=code
        )
    else:
        found = confirm_policy(world, code, policy, document, _day(date_), who)
        text = msg(
            "{policy} is confirmed for {company} by {name}: {document} of {day}",
            policy=policy, company=code, name=found.by.shown(), document=found.document, day=found.dated,
        )  # fmt: skip
    emit(
        {
            "policy": found.policy, "company": found.company, "sha256": found.sha256,
            "document": found.document, "dated": found.dated, "by": found.by, "at": found.at,
            "withdrawn": withdraw,
        },
        as_json=as_json,
        table=lambda _: said(text),
    )  # fmt: skip


def _day(text: str) -> date:
    try:
        return written_day(text)
    except ValueError:
        raise WrongCall(
            msg("--date {text!r}; allowed: a day such as 2026-10-08", text=text)
        ) from None
