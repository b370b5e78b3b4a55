"""`heatwatch settle review`, and what a correction says: a run beside the approved one before it."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Group

from domain.language import Text, joined, msg, msg_in, plural, sentence_of
from heatwatch.cli import no_contract, settle_findings
from heatwatch.cli import what_if as what_ifs
from heatwatch.cli.objections import objections_table
from heatwatch.cli.options import Company, Config, Json, Season
from heatwatch.cli.settle_verify import in_currency, money, reason_words
from heatwatch.output import emit, formats, grid, note
from heatwatch.wiring import DEFAULT_CONFIG, World, open_world

if TYPE_CHECKING:
    from analytics.law.deadlines import Deadline
    from analytics.ledger.drafts import Drafted
    from analytics.ledger.ended_facts import EndedFact
    from analytics.ledger.review import Band, Differing, Home
    from heatwatch.services.correcting import Correction
    from store.evidence.versions import Version

OPEN_SHOWN = 20  # open records


def review(
    season: Season,
    run: Annotated[
        int | None, typer.Option("--run", help="number of the run; default the newest")
    ] = None,
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """What to look at before a run is approved.

    Its sums and how they are distributed, the largest, the undetermined, what differs from the
    approved run before it on which days, objections to runs of the season, its open records, and by when
    it is paid.
    """
    from analytics.ledger.drafts import newest
    from heatwatch.cli.open_evidence import body
    from heatwatch.services.companies import company_of_season

    world = open_world(config)
    company_of_season(world, company, season)
    data = reviewed(world, newest(world.books, season, run))
    if as_json:
        zone = ZoneInfo(world.config.city.zone)
        data["open_records"] = [body(each, season, zone) for each in data["open_records"]]
    emit(data, as_json=as_json, table=review_table)


def reviewed(world: World, run: "Drafted") -> dict[str, Any]:
    """A run with everything that `settle review` shows."""
    from sqlalchemy.orm import Session

    from analytics.ledger.drafts import kept
    from analytics.ledger.ended_facts import added_facts, ended_facts
    from analytics.ledger.review import review as look
    from heatwatch.cli.settle_payments import run_sums
    from heatwatch.services.due import due_day
    from heatwatch.services.objections import objections
    from heatwatch.services.open_evidence import open_evidence
    from heatwatch.services.requests import request_lives, states_at
    from heatwatch.services.season_law import season_law
    from store.lake.lake import NoLake
    from store.registry.places import tree
    from store.registry.seasons import season_of

    with Session(world.books) as session:
        season = season_of(session, run.season)
    found, now = look(world.books, run), world.now()
    owes = settle_findings.pays(world, run)
    differ: dict[str, Any] = {
        "households": found.differing, "more": found.more, "less": found.less,
        "largest": found.differs,
    }  # fmt: skip
    findings = {}
    if not owes:
        findings = {"findings": settle_findings.of_run(kept(world.books, run.run))}
        differ = settle_findings.differences(world, run.run, found.last)
    law = season_law(world, season, run.policy_sha256)
    try:
        lives = request_lives(world, season, now, law=law)
        open_records = open_evidence(world, season, now, lives, law)
    except NoLake as error:
        lives, open_records = {}, []
        note(msg("without states of requests and open records: {why}", why=sentence_of(error)))
    return findings | {
        "run": found.run,
        "name": found.name,
        "overlay": what_ifs.of_run(world, run),
        "last": found.last,
        "due": due_body(due_day(world, run)),
        "bands": found.bands,
        "largest": found.largest,
        "undetermined": found.undetermined,
        "differences": differ,
        "payments": run_sums(world, run.season, run.run, run.state),
        "objections": objections(world, tree(world.books).within(season.company_id), run.season),
        "requests": states_at(lives, now),
        "open_records": open_records,
        "without_contract": no_contract.named(world, run.season),
        "ended_facts": ended_facts(world.books, run.run),
        "added_facts": added_facts(world.books, run.run),
        "zone": season.zone,
    }


def review_table(data: dict[str, Any]) -> Any:
    told = what_ifs.notice(data["overlay"], data["name"] == "what_if")
    return what_ifs.under(told, _review(data))


def _review(data: dict[str, Any]) -> Any:
    run = data["run"]
    if "findings" in data:
        return _findings(data)
    parts: list[Any] = [_whole(data), _bands(data["bands"], run.currency)]
    if data["largest"]:
        parts.append(_homes(msg("Largest sums"), data["largest"], run.currency, data["name"]))
    if data["undetermined"]:
        parts.append(_homes(msg("Undetermined"), data["undetermined"], run.currency, data["name"]))
    if data["last"] is not None:
        parts.append(differences_table(data))
    if data["payments"] is not None:
        from heatwatch.cli.settle_payments import sums_table

        paid = data["payments"]
        parts.append(sums_table(msg("Payments of the run"), paid, run.currency))
    if data["requests"]:
        parts.append(_requests(data["requests"]))
    return Group(*parts, *_registers(data, owes=True))


def _registers(data: dict[str, Any], *, owes: bool) -> Iterator[Any]:
    """What is open, and what the evidence says otherwise since."""
    zone = data["zone"]
    if data["objections"]:
        yield objections_table(data["objections"], formats(zone))
    if data["open_records"]:
        yield _open(data["open_records"], zone, owes=owes)
    if data["ended_facts"]:
        yield _ended(data["ended_facts"], zone)
    if data["added_facts"]:
        yield _added(data["added_facts"], zone)


def _findings(data: dict[str, Any]) -> Any:
    """The same under a law without money."""
    run, found = data["run"], data["findings"]
    title = _title(data)
    parts = [settle_findings.whole_table(title, run, found)]
    for words, rows in (
        (msg("Most hours below"), found["most"]),
        (msg("Undetermined"), found["undetermined"]),
    ):
        if rows:
            parts.append(settle_findings.homes_table(words, rows))
    if data["last"] is not None:
        title = settle_findings.differences_title(data["last"], data["differences"])
        parts.append(settle_findings.differences_table(title, data["differences"]["largest"]))
    return Group(*parts, *_registers(data, owes=False))


def run_title(name: str, run: int) -> Text:
    """A run by what it is: a draft, the first approved one, or a correction of it."""
    if name.startswith("correction "):
        return msg("Run {run}, correction {n}", run=run, n=name.removeprefix("correction "))
    names = {
        "draft": msg("Run {run}, draft", run=run),
        "what_if": msg("Run {run}, what-if", run=run),
        "first": msg("Run {run}, first approved", run=run),
    }
    return names[name]


def _title(data: dict[str, Any]) -> Text:
    run = data["run"]
    policy = what_ifs.policy_words(run.policy, data["overlay"])
    return joined(" · ", [run_title(data["name"], run.run), run.season, policy])


def _whole(data: dict[str, Any]) -> Any:
    run = data["run"]
    rows: list[list[Any]] = [
        [msg("households"), formats().number(run.households)],
        *no_contract.rows_of(data),
        [msg("total"), money(run.total, run.currency)],
        [msg("households undetermined"), formats().number(run.undetermined)],
    ]
    if data["due"] is not None:
        rows.append([msg("to be paid by"), due_words(data["due"])])
    return grid(_title(data), ["", ""], rows)


def due_body(deadline: "Deadline | None") -> dict[str, Any] | None:
    """A time limit as an answer says it."""
    return None if deadline is None else deadline._asdict()


def due_words(due: dict[str, Any]) -> Text | str:
    """Its day; that it may be later where nobody knows yet which days are off."""
    day = formats().day(due["day"])
    if due["published"]:
        return day
    return msg("{day}, or later: the days off of that year were not published", day=day)


def _bands(bands: "list[Band]", currency: str) -> Any:
    rows = []
    below = None
    for band in bands:
        if band.households:
            rows.append([_band(below, band.upto), band.households, band.total])
        below = band.upto
    names = [in_currency(msg("sum"), currency), msg("households"), msg("total")]
    return grid(msg("Distribution"), names, rows)


def _band(above: Any, upto: Any) -> Text | str:
    number = formats().number
    if above is None:
        return number(0, 2)
    if upto is None:
        return msg("above {amount}", amount=number(above, 2))
    return msg("up to {amount}", amount=number(upto, 2))


def _homes(title: Text, homes: "list[Home]", currency: str, name: str) -> Any:
    """Households of a run of this name, with their sums."""
    names = [msg("household"), in_currency(msg("total"), currency), msg("reason")]
    return grid(
        title,
        names,
        [[h.household, h.total, reason_words(h.reason, name == "what_if")] for h in homes],
    )


def differences_table(data: dict[str, Any]) -> Any:
    """The households whose sums differ most from the approved run before."""
    found, run = data["differences"], data["run"]
    title = msg(
        "Differences to run {last}: {households}, {more} more and {less} less",
        last=data["last"],
        households=plural("{n} household", "{n} households", n=found["households"]),
        more=money(found["more"], run.currency), less=money(-found["less"], run.currency),
    )  # fmt: skip
    names = [
        msg("household"), in_currency(msg("before"), run.currency), msg("now"), msg("difference"),
        msg("on the days"),
    ]  # fmt: skip
    rows = [[d.household, d.before, d.after, d.amount, _days(d)] for d in found["largest"]]
    return grid(title, names, rows)


def _days(home: "Differing") -> str:
    days = {day for each in home.differences for day in each["days"] or _span(each)}
    return settle_findings.some_days(sorted(days))


def _span(line: Mapping[str, Any]) -> Iterator[str]:
    """Every day of lines that say the same of each and come to another sum, as with another subsidy."""
    day, last = (date.fromisoformat(line[name]) for name in ("first_day", "last_day"))
    while day <= last:
        yield day.isoformat()
        day += timedelta(days=1)


def corrected(done: "Correction", data: dict[str, Any]) -> dict[str, Any]:
    """What `settle draft --correction` answers: what was done, and the run as `review` shows it."""
    return {
        "corrects": done.base,
        "settled": done.settled,
        "households": done.households,
        "why_all": done.why_all,
        **data,
    }


def corrected_table(data: dict[str, Any]) -> Any:
    run = data["run"]
    rows: list[list[Any]] = [
        [msg("corrects run"), data["corrects"]],
        [msg("households settled anew"), _of(data["settled"], data["households"])],
        *no_contract.rows_of(data),
    ]
    if data["why_all"]:
        rows.append([msg("because"), data["why_all"]])
    if "findings" not in data:
        rows.append([msg("total"), money(run.total, run.currency)])
    rows.append([msg("data version"), run.flush])
    title = msg(
        "Draft {run} · season {season} · {policy}",
        run=run.run, season=run.season, policy=run.policy,
    )  # fmt: skip
    what = _findings(data) if "findings" in data else differences_table(data)
    return Group(grid(title, ["", ""], rows), what)


def _of(some: int, every: int) -> Text:
    number = formats().number
    return msg("{n} of {all}", n=number(some), all=number(every))


def _requests(states: dict[str, int]) -> Any:
    from domain.requests import STATES, State

    rows = [[STATES[State(state)], count] for state, count in states.items()]
    return grid(msg("Requests of the season"), [msg("state"), msg("number")], rows)


def _open(records: list[Any], zone: str, owes: bool = True) -> Any:
    """The season's open records; under a law without money there is none at stake."""
    from heatwatch.cli.open_evidence import about, missing

    names = [
        msg("missing"), msg("about"), msg("since"), msg("due"), msg("households"), msg("at stake"),
    ]  # fmt: skip
    rows = [
        [
            missing(each), about(each), formats(zone).instant(each.since),
            "" if each.due is None else formats().day(each.due), each.households,
            money(each.at_stake, each.currency),
        ]
        for each in records[:OPEN_SHOWN]
    ]  # fmt: skip
    last = len(names) if owes else -1
    return grid(msg("Open in the evidence"), names[:last], [row[:last] for row in rows])


def _ended(facts: "list[EndedFact]", zone: str) -> Any:
    """What the run took and is not so any more."""
    from analytics.ledger.ended_facts import STATES

    rows = [
        [
            each.kind, formats(zone).with_local(each.key), STATES[each.state],
            formats(zone).instant(each.ended_at),
            each.ended_by.shown(), each.reason,
        ]
        for each in facts[:OPEN_SHOWN]
    ]  # fmt: skip
    title = msg("Facts of the run that ended since it was drafted: {n}", n=len(facts))
    names = [msg("kind"), msg("key"), msg("state"), msg("time"), msg("by"), msg("reason")]
    return grid(title, names, rows)


def _added(facts: "list[Version]", zone: str) -> Any:
    """What was recorded since, of which the run knows nothing."""
    f = formats(zone)
    rows = [
        [
            each.kind, each.about, "" if each.at is None else f.instant(each.at),
            f.instant(each.recorded_at), each.recorded_by.shown(),
        ]
        for each in facts[:OPEN_SHOWN]
    ]  # fmt: skip
    title = msg(
        "Facts recorded since the run was drafted, which it does not have: {n}", n=len(facts)
    )
    names = [msg("kind"), msg("about"), msg("time"), msg_in("of a fact", "recorded"), msg("by")]
    return grid(title, names, rows)
