"""Withdrawals: a fact that should not have been recorded ends, with a reason; its key is free again."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from domain.actor import By
from domain.errors import WrongCall
from domain.language import Text, joined, msg, plural, sentence_of
from domain.recorded import SEPARATOR
from domain.tree import Tree
from domain.visible import has_words
from store.books.cells import write as cell
from store.books.changes import WITHDRAWAL, record, sha256_of
from store.books.registry import Place, Season
from store.evidence.missing import Missing, not_on_record
from store.evidence.named import named_key
from store.evidence.placements import KIND as PLACEMENTS
from store.evidence.placements import changed_meanwhile, withdraw_placements
from store.evidence.recorded import RECORDED_OF, ByMinute, code_in, recorded, recorded_kind
from store.evidence.versions import Version, scope_of_codes
from store.registry import books
from store.registry.csv_rows import table
from store.registry.kinds import KIND_OF

COLUMNS = ("kind", "key", "reason")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A fact that is to end, and why."""

    kind: str
    key: str  # its parts joined by " / "; times local to the zone or with their offset
    reason: str
    where: Text | str = ""  # file and row


def read_withdrawals(path: Path) -> list[Withdrawal]:
    """The rows of a CSV file with the columns kind, key and reason; WrongCall for another file."""
    return [
        Withdrawal(row["kind"], row["key"], row["reason"], where)
        for where, row in table(path, COLUMNS)
    ]


def withdraw(
    engine: Engine,
    wanted: Sequence[Withdrawal],
    by: By,
    network: Tree,
    zone: tzinfo,
    file: Path | None = None,
) -> list[Version]:
    """Ends the current versions of these facts, all or none -> them, as they were.

    Raises WrongCall with a line for each that has no reason, is of no kind, is not on record as
    current, is named twice, or that current contracts still name.
    """
    everything = _on_record(engine, network, wanted, zone)
    known = ByMinute(everything.values(), zone)
    wrong: dict[int, Text] = {}  # row -> why
    missing: dict[int, Missing] = {}
    chosen: dict[tuple[str, str], str] = {}
    for i, each in enumerate(wanted):
        try:
            key = _key(each, zone, known)
            if (each.kind, key) not in everything:
                missing[i] = Missing(RECORDED_OF[each.kind], each.key, key)
            elif (each.kind, key) in chosen:
                wrong[i] = msg("{kind} {key}: is named twice", kind=each.kind, key=each.key)
            else:
                chosen[each.kind, key] = each.reason.strip()
        except WrongCall as refused:
            wrong[i] = sentence_of(refused)
    wrong |= not_on_record(engine, network, zone, missing)
    faults = [_at(wanted[i], why) for i, why in sorted(wrong.items())]
    if not faults:
        with engine.connect() as link:
            books.lock(link)
            faults = [*_still_named(link, chosen), *_ending_nowhere(link, chosen, zone)]
            if not faults:
                _end(link, chosen, everything, by, file)
                link.commit()
    if faults:
        raise WrongCall(joined("\n", faults))
    return [everything[each] for each in chosen]


def _key(wanted: Withdrawal, zone: tzinfo, known: ByMinute) -> str:
    """The key as versions have it; WrongCall for what can't be one, or is that of several."""
    kind = recorded_kind(wanted.kind)
    if not has_words(wanted.reason):
        raise WrongCall(
            msg("{kind} {key}: a withdrawal needs a reason", kind=wanted.kind, key=wanted.key)
        )
    return named_key(kind, wanted.key, zone, known.like(kind, wanted.key))


def _on_record(
    engine: Engine, network: Tree, wanted: Sequence[Withdrawal], zone: tzinfo
) -> dict[tuple[str, str], Version]:
    """The current facts about what the wanted ones are about, by kind and key."""
    found: dict[tuple[str, str], Version] = {}
    for kind in (RECORDED_OF[name] for name in {each.kind for each in wanted} & {*RECORDED_OF}):
        codes = {code_in(kind, each.key) for each in wanted if each.kind == kind.name}
        scope = scope_of_codes(engine, network, kind, codes)
        own = recorded(engine, scope, zone, [kind.name])
        found |= {(kind.name, each.key): each for each in own}
    return found


def _at(wanted: Withdrawal, why: Text) -> Text:
    return msg("{where}: {why}", where=wanted.where, why=why) if wanted.where else why


def _still_named(link: Connection, chosen: dict[tuple[str, str], str]) -> list[Text]:
    """A line for each tariff that a contract goes on naming, and each contract that has terms."""
    contract = KIND_OF["contracts"].name
    tariffs = [key for kind, key in chosen if kind == KIND_OF["tariffs"].name]
    gone = {key for kind, key in chosen if kind == contract}
    found = [
        plural(
            "tariffs {key}: contract {first} names it; withdraw it, too, or correct it first",
            "tariffs {key}: {n} contracts name it, the first {first}; withdraw them, too, or correct "
            "them first",
            n=len(users), key=key, first=users[0],
        )
        for key in tariffs
        if (users := sorted(_contracts_of(link, key) - gone))
    ]  # fmt: skip
    terms = KIND_OF["contract_terms"].name
    wanted = [key for kind, key in chosen if kind == contract]
    resting = _with_terms(link) if wanted else []
    held = {named for named, own in resting if (terms, own) not in chosen}
    return found + [
        msg("contracts {key}: current contract_terms rest on it; withdraw those, too", key=key)
        for key in wanted
        if key in held
    ]


def _ending_nowhere(
    link: Connection, chosen: Mapping[tuple[str, str], str], zone: tzinfo
) -> Iterator[Text]:
    """A line for contract terms that say on paper when others follow which would not be there any more."""
    terms = KIND_OF["contract_terms"]
    gone = {key for kind, key in chosen if kind == terms.name}
    since, until, end = terms.table.c.since, terms.table.c.until, Season.until
    query = (
        select(Place.code, Season.code, since, until, end)
        .join(terms.table, terms.table.c.household_id == Place.id)
        .join(Season, Season.id == terms.table.c.season_id)
        .where(terms.current)
    )
    about = {SEPARATOR.join(key.split(SEPARATOR)[:2]) for key in gone}
    kept: dict[str, dict[str, tuple[Any, ...]]] = defaultdict(dict)
    for home, season, begin, *ends in link.execute(query) if gone else ():
        contract = SEPARATOR.join((home, season))
        key = SEPARATOR.join((contract, cell(begin))) if begin else contract
        if contract in about and key not in gone:
            kept[contract][key] = (begin, *ends)
    for rows in kept.values():
        begins = {begin for begin, *_ in rows.values()}
        for key, (_, until, end) in rows.items():
            if until is not None and until not in begins | {end}:
                yield msg(
                    "contract_terms {key}: end on paper at {until}, where terms that are withdrawn follow; "
                    "correct their until first, or withdraw them, too",
                    key=key, until=f"{until.astimezone(zone):%Y-%m-%d %H:%M}",
                )  # fmt: skip


def _contracts_of(link: Connection, tariff: str) -> set[str]:
    """Keys of current contracts that name a tariff, in any of its versions."""
    named, contract = KIND_OF["tariffs"].table, KIND_OF["contracts"]
    query = (
        select(Place.code, Season.code)
        .join(contract.table, contract.table.c.household_id == Place.id)
        .join(Season, Season.id == contract.table.c.season_id)
        .join(named, named.c.id == contract.table.c.tariff_id)
        .where(contract.current, named.c.code == tariff)
    )
    return {SEPARATOR.join(row) for row in link.execute(query)}


def _with_terms(link: Connection) -> list[tuple[str, str]]:
    """Keys of contracts that current terms rest on, each with those terms' key."""
    terms = KIND_OF["contract_terms"]
    query = (
        select(Place.code, Season.code, terms.table.c.since)
        .join(terms.table, terms.table.c.household_id == Place.id)
        .join(Season, Season.id == terms.table.c.season_id)
        .where(terms.current)
    )
    return [
        (SEPARATOR.join(own), SEPARATOR.join([*own, cell(since)] if since else own))
        for *own, since in link.execute(query)
    ]


def _end(
    link: Connection,
    chosen: dict[tuple[str, str], str],
    found: dict[tuple[str, str], Version],
    by: By,
    file: Path | None,
) -> None:
    """One record for each reason; the versions name it as their end."""
    files = [] if file is None else [{"file": file.name, "sha256": sha256_of(file)}]
    for reason in dict.fromkeys(chosen.values()):
        mine = [found[each] for each, why in chosen.items() if why == reason]
        details: dict[str, Any] = {"withdrawn": [f"{each.kind} {each.key}" for each in mine]}
        change = record(link, By(by.actor, by.at, reason), WITHDRAWAL, files, details)
        placed = [each for each in mine if each.kind == PLACEMENTS.name]
        withdraw_placements(link, placed, change)
        for each in mine:
            if each.kind != PLACEMENTS.name:
                _end_version(link, each, change)
    books.grow_version(link)


def _end_version(link: Connection, fact: Version, change: int) -> None:
    table = KIND_OF[fact.kind].table
    done = link.execute(
        update(table)
        .where(table.c.id == fact.version, table.c.ended_id.is_(None))
        .values(ended_id=change)
    )
    if done.rowcount != 1:
        raise changed_meanwhile(fact)
