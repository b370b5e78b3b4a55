"""What a withdrawn placement puts at stake: the fees of homes of which an approved run counted its readings."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analytics.facts.stakes import Stakes
from domain.language import Text, msg
from domain.quantity import Role
from domain.tree import PlaceKind, Tree
from heatwatch.wiring import World
from store.books.ledger import APPROVED, SettlementRun
from store.books.registry import Season
from store.evidence.placements import KIND
from store.evidence.versions import Version


def at_stake(world: World, network: Tree, gone: Sequence[Version]) -> Iterator[Text]:
    """A line for each withdrawn placement of a room's sensor and settled season of the company."""
    rooms = [each for each in gone if each.kind == KIND.name]
    rooms = [each for each in rooms if each.values["role"] == Role.ROOM_TEMPERATURE.code]
    if not rooms:
        return
    newest = func.max(SettlementRun.id)
    query = select(Season, newest).join(SettlementRun, SettlementRun.season_id == Season.id)
    query = query.where(SettlementRun.state == APPROVED).group_by(Season.id).order_by(Season.id)
    with Session(world.books) as session:
        settled = [row for row in session.execute(query) if row[0].company_id in network.ids]
        for season, run in settled:
            stakes = Stakes(session.connection(), season)
            for each in rooms:
                if (line := _line(world, network, stakes, season, run, each)) is not None:
                    yield line


def _line(
    world: World, network: Tree, stakes: Stakes, season: Season, run: int, placed: Version
) -> Text | None:
    until = placed.values["until"]
    since, ends = placed.at, datetime.fromisoformat(until) if until else season.until
    room = network.by_code.get(placed.about)
    if since is None or room is None or since >= season.until or ends <= season.since:
        return None
    home = next(
        each
        for each in network.path(int(network.ids[room]))
        if network.kind[network.row(each)] == PlaceKind.HOUSEHOLD.level
    )
    return msg(
        "{key}: approved run {run} of season {season} counted its readings for {household}; at most "
        "{amount} of the season fee is at stake; heatwatch settle draft --season {season} --correction "
        "says what changes",
        key=placed.key, run=run, season=season.code, household=network.code(home),
        amount=world.formats.money(stakes.of([home], since, ends), stakes.currency),
    )  # fmt: skip
