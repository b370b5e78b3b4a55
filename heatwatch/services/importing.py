"""Registry files into the books with every check: what the law, the runs and the readings rule out is refused.

Everything that enters the registry goes through here, whoever brings it: a command, the console, a service.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from analytics.facts.room_kinds import kept
from analytics.law.in_force import not_for_season
from analytics.law.policy import of_season
from analytics.law.room_limits import owed_temperature
from analytics.law.terms import Standard
from analytics.law.uses import of_contract
from domain.actor import By
from domain.contract_terms import ContractTerms
from domain.errors import WrongCall
from domain.language import Text, sentence_of
from domain.time import local_day
from heatwatch.services.objected_runs import objection_fault
from heatwatch.services.proposed import never_shown
from heatwatch.services.unsigned import record_faults
from heatwatch.wiring import World
from store.registry.checks import Checks, SeasonRow
from store.registry.importing import Progress, check_registry, import_registry
from store.registry.report import ImportReport
from store.registry.rows import Present, Seen

#: A column of contract terms -> interpretations of policies that leave it to the contract.
LEFT_TO_CONTRACTS = {
    "agreed": ("agreed-temperature",),
    "bands": ("numbers-of-the-contract",),
    # temperature and bands of a user who is not residential
    "use": ("non-residential-by-contract",),
    "basic_fee": ("net-of-basic-fee", "metered-pays-the-basic-fee"),
    "heat_price": (
        "metered-pays-its-heat", "metered-pays-basic-fee-and-heat", "metered-pays-the-basic-fee",
    ),
    "area_m2": ("each-room-alone",),
}  # fmt: skip
LAST = timedelta(microseconds=1)  # before the end, which is not in it


def import_files(
    world: World, files: Sequence[Path], *, by: By, strict: bool = False,
    progress: Progress | None = None, source: str = "", seen: Seen | None = None,
) -> ImportReport:  # fmt: skip
    """As `import_registry`; nobody has recorded what lies after `by.at`."""
    return import_registry(
        world.books, files, by=by, strict=strict, progress=progress,
        checks=_checks(world), present=_present(world, by.at), source=source, seen=seen,
    )  # fmt: skip


def check_files(
    world: World, files: Sequence[Path], *, reason: str, progress: Progress | None = None
) -> ImportReport:
    """What it would answer; records that do not count are doubted, as a check has no totals."""
    checks = _checks(world)._replace(record_faults=record_faults(world.policies))
    return check_registry(
        world.books, files, reason=reason, progress=progress,
        checks=checks, present=_present(world, world.now()),
    )  # fmt: skip


def _present(world: World, now: datetime) -> Present:
    return Present(ZoneInfo(world.config.city.zone), now)


def _checks(world: World) -> Checks:
    return Checks(
        lambda season: _season_fault(season, world.policies),
        claimed_after=cache(lambda policy: _claimed_after(policy, world.policies)),
        objection_fault=lambda row: objection_fault(world, row),
        term_counts=cache(lambda policy, term: _term_counts(policy, term, world.policies)),
        areas_count=cache(lambda policy: _areas_count(policy, world.policies)),
        never_shown=lambda rows: never_shown(world, rows),
        standard=lambda *rooms: _standard(world.policies, *rooms),
    )


def _term_counts(policy: str, term: str, folder: Path | None) -> bool:
    try:
        interprets = of_season(policy, folder).policy.interprets
    except WrongCall:  # said where the season is imported
        return True
    return any(interprets(each) for each in LEFT_TO_CONTRACTS[term])  # the same on all of its days


def _areas_count(policy: str, folder: Path | None) -> bool:
    try:
        return of_season(policy, folder).policy.asks_areas()
    except WrongCall:  # said where the season is imported
        return True


def _claimed_after(policy: str, folder: Path | None) -> bool:
    try:
        law = of_season(policy, folder).policy
    except WrongCall:  # said where the season is imported
        return True
    every = (law.settle, *(then.settle for _, then in law.later))
    return any(each is not None and each.claim_months is not None for each in every)


def _season_fault(season: SeasonRow, folder: Path | None) -> Text | None:
    """Why a season can't have its policy: neither shipped nor of the folder, or not in force then."""
    try:
        policy = of_season(season.policy, folder).policy
    except WrongCall as wrong:
        return sentence_of(wrong)
    zone = ZoneInfo(season.zone)
    days = (local_day(at, zone) for at in (season.since, season.until - LAST))
    return not_for_season(policy, season.code, *days)


def _standard(
    folder: Path | None, policy: str, rooms: Sequence[tuple[str, bool]], contract: ContractTerms
) -> Decimal | None:
    """The warmest temperature that is owed to one of the rooms, on any day. [Cel]

    None where the act names none, or does not say what a user is owed who is not residential.
    """
    try:
        terms = of_season(policy, folder).policy
    except WrongCall:  # said where the season is imported
        return None
    if not contract.residential:
        return contract.agreed if of_contract(terms, contract) else None
    every = (terms.standard, *(then.standard for _, then in terms.later))
    return max((_warmest(each, rooms, contract) for each in every if each.of_act), default=None)


def _warmest(
    standard: Standard, rooms: Sequence[tuple[str, bool]], contract: ContractTerms
) -> Decimal:
    covered = {each.value for each in standard.covered()}
    kinds = [kept(use, corner=corner) for use, corner in rooms if use in covered] or [""]
    return max(owed_temperature(standard, contract, standard.of(each)) for each in kinds)
