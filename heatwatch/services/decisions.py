"""Decisions about proposed outages: a named person says of one that it was an outage, or was none."""

from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from domain.actor import By
from domain.errors import Refused, WrongCall
from domain.language import msg, msg_in, not_known
from domain.time import Span, local_day
from domain.tree import PlaceKind
from domain.visible import has_words
from heatwatch.services.evidence import policy_at, supply_rule
from heatwatch.services.importing import import_files
from heatwatch.services.outages import (
    Scope,
    closed_by_meters,
    closings,
    proposals,
    seen_outages,
    write_proposals,
)
from heatwatch.services.proposed import season_around
from heatwatch.wiring import World
from store.evidence.versions import scope_of, versions
from store.registry.proposals import no_id, proposed
from store.registry.report import ImportReport
from store.registry.rows import Seen
from store.registry.series import Tree

KIND = "outages"
DECISIONS = {
    "confirmed": msg_in("decision", "confirmed"),
    "rejected": msg_in("decision", "rejected"),
}
#: What a version that was decided so keeps as its source.
COMMANDS = {
    "confirmed": "heatwatch evidence confirm",
    "rejected": "heatwatch evidence reject",
}


def decide(
    world: World, proposal: str, decision: str, by: By, network: Tree, language: str
) -> ImportReport:
    """Records the decision about a proposal as of the newest readings, its row as if imported.

    Raises WrongCall for an id that is no proposal now (the meters show something else, it is on
    record, or a person has rejected it) and for a rejection without a reason, and Refused where the
    registry refuses the row.
    """
    code, span = _parsed(proposal)
    if code not in network.codes:
        raise WrongCall(not_known(msg("place"), code, network.codes[:5]))
    place = int(network.ids[network.codes.index(code)])
    zone = ZoneInfo(world.config.city.zone)
    seen = _standing(world, network, code, span)
    version = world.readings.flush(by.at).number
    rows = _rows(world, network, place, span, zone, version, language)
    wanted = [row | {"decision": decision} for row in rows if row["proposal"] == proposal]
    if not wanted:
        _refuse_decided(world, network, code, proposal, zone)
        known = [str(row["proposal"]) for row in rows]
        raise WrongCall(not_known(msg("proposed outage"), proposal, known))
    if decision == "rejected" and not has_words(by.reason):
        raise WrongCall(
            msg("{proposal}: to reject it needs --reason, which is kept", proposal=proposal)
        )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "outages.csv"
        write_proposals(path, wanted, zone)
        report = import_files(world, [path], by=by, source=COMMANDS[decision], seen=seen)
    if report.refused:
        raise Refused(report.refused[0].why)
    return report


def _standing(world: World, network: Tree, code: str, span: Span) -> Seen:
    """The record that a decision is about, where one stands: it may be changed until it is made."""
    scope = scope_of(world.books, network, code)
    own = (each for each in versions(world.books, scope, [KIND]) if each.about == code)
    return Seen(next((each.values for each in own if each.at == span.since), None))


def _refuse_decided(world: World, network: Tree, code: str, proposal: str, zone: ZoneInfo) -> None:
    """WrongCall with who has decided about a proposal, and how that is taken back; none: nothing."""
    for each in versions(world.books, scope_of(world.books, network, code), [KIND]):
        if each.about == code and each.values.get("proposal") == proposal and each.at is not None:
            raise WrongCall(
                msg(
                    "{proposal} was {decision} by {actor} on {day}; to take that back: "
                    "heatwatch evidence withdraw {kind} {place} {since} --reason WHY",
                    proposal=proposal, decision=DECISIONS[each.values["decision"]],
                    actor=each.recorded_by.shown(), day=world.formats.day(local_day(each.recorded_at, zone)),
                    kind=KIND, place=code, since=f"{each.at.astimezone(zone):%Y-%m-%dT%H:%M:%S}",
                )
            )  # fmt: skip


def _rows(
    world: World, network: Tree, place: int, span: Span, zone: ZoneInfo, version: int, language: str
) -> list[dict[str, object]]:
    """The proposals of a place and below, in the season of the span."""
    whole = season_around(world, network, span)
    rule = supply_rule(policy_at(world, whole.until, network.path(place)[0], place))
    stations = network.under(place, PlaceKind.STATION)
    scope = Scope(network, stations, whole, zone, rule, version)
    _, found = seen_outages(world, scope)
    rows = proposals(found, network, rule, version, language)
    return rows + closings(closed_by_meters(world, scope), network, version, language)


def _parsed(proposal: str) -> tuple[str, Span]:
    """Place and span of an id; WrongCall for what is none."""
    found = proposed(proposal)
    if found is None:
        raise WrongCall(no_id(proposal))
    return found
