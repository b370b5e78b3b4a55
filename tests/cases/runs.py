"""Settlement runs that leave something undetermined, of the season of `tests.store.city`."""

from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import Engine, insert

from cases.tasks import Task, tasks
from domain.time import Span
from store.books.ledger import SettlementResult, SettlementRun
from store.registry.series import tree
from tests.actors import TESTER

SEASON = Span(datetime(2025, 11, 14, 16, tzinfo=UTC), datetime(2026, 3, 15, 16, tzinfo=UTC))
NOW = datetime(2025, 12, 10, tzinfo=UTC)


def home(books: Engine, code: str) -> int:
    """The place id of a household."""
    places = tree(books)
    return int(places.ids[places.codes.index(code)])


def measurements(books: Engine, now: datetime, *, every: bool = False) -> list[Task]:
    """The tasks of one kind, however many kinds there are."""
    return [each for each in tasks(books, now, every=every) if each.kind == "measurement"]


def settle(
    books: Engine, homes: dict[str, bool], state: str = "draft", reason: str = "undetermined"
) -> int:
    """A settlement run with an undetermined part or not, by household; its number."""
    with books.begin() as connection:
        run = connection.execute(
            insert(SettlementRun)
            .values(
                season_id=1, policy="CN-HA-2018", policy_sha256="", snapshot_sha256="", flush=1,
                made_at=NOW, state=state, households=len(homes), total=Decimal(0),
                currency="CNY", undetermined=sum(homes.values()), drafted_by=TESTER,
            )
            .returning(SettlementRun.id)
        ).scalar_one()  # fmt: skip
    for code, undetermined in homes.items():
        with books.begin() as connection:
            connection.execute(
                insert(SettlementResult).values(
                    run_id=run, household_id=home(books, code), total=Decimal(0),
                    undetermined=undetermined, reason=reason, steps=[],
                )
            )  # fmt: skip
    return int(run)
