"""Books, journal and lake: whether they are there, whole, and of this version."""

from collections.abc import Iterator

import sqlalchemy as sa

from domain.language import msg
from heatwatch.diagnosis.finding import Finding, fault, unused, warning, well
from heatwatch.services.existing_books import existing_books
from heatwatch.wiring import World
from store.books import revision
from store.books.check import faults as faults_of_books
from store.journal.check import damaged, is_there


def check_books(world: World) -> Iterator[Finding]:
    """Their revision, and what SQLite or the tables say of themselves."""
    what = msg("books")
    with existing_books(world.config.store.books) as books:
        if books is None or (found := revision.found(books)) is None:
            advice = msg("heatwatch registry import makes them")
            yield unused(what, msg("not there yet"), advice)
            return
        newest = revision.newest()
        if found != newest:
            yield _of_another_version(found, newest)
            return
        wrong = [*faults_of_books(books)]
        size = _size(books)
    for why in wrong:
        yield fault(what, why, msg("restore them from a backup"))
    if not wrong:
        yield well(what, msg("revision {revision}, {size}", revision=found, size=size))


def _of_another_version(found: str, newest: str) -> Finding:
    what = msg("books")
    told = msg("revision {found}, this version has {newest}", found=found, newest=newest)
    if found > newest:
        return fault(what, told, msg("run the version of heatwatch that they are of"))
    return warning(what, told, msg("copy them; the next start upgrades them"))


def _size(books: sa.Engine) -> str:
    query = (
        "SELECT pg_database_size(current_database())"
        if books.dialect.name == "postgresql"
        else "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    )
    with books.connect() as link:
        return f"{link.execute(sa.text(query)).scalar_one() / 1e6:.1f} MB"


def check_journal(world: World) -> Iterator[Finding]:
    """Whether each batch that it must still have can be read."""
    what = msg("journal")
    if not is_there(world.config.store.journal):
        yield unused(what, msg("not there yet"), msg("the first start of ingest makes it"))
        return
    counts = world.journal.counts()
    if (why := damaged(world.journal)) is not None:
        yield fault(what, why, msg("restore journal and lake from the same backup"))
        return
    yield well(
        what,
        msg("{messages} messages, {size} MB, newest batch {batch}", messages=counts.messages,
            size=f"{world.journal.size() / 1e6:.1f}", batch=world.journal.last()),
    )  # fmt: skip
    if counts.refused:
        most = sorted(counts.refused.items(), key=lambda each: -each[1])[:3]
        yield well(
            msg("refused messages"),
            msg("{reasons}; `heatwatch readings refused` lists them",
                reasons=", ".join(f"{reason} {count}" for reason, count in most)),
        )  # fmt: skip


def check_lake(world: World) -> Iterator[Finding]:
    """Its size and newest flush."""
    what = msg("lake")
    if not is_there(world.config.store.journal):
        yield unused(what, msg("not there yet"), msg("the first flush makes it"))
        return
    snapshot = world.lake.snapshot()
    found = msg(
        "{rows} readings in {files} files, flush {flush}",
        rows=snapshot.rows, files=len(snapshot.files), flush=snapshot.flush.number,
    )  # fmt: skip
    yield well(what, found)
