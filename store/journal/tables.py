"""The journal's tables. The journal makes them itself: it must work before any book is open."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, String, Table, Text

from store.books.base import UtcTime

metadata = MetaData()
_Big = BigInteger().with_variant(Integer, "sqlite")

#: One row for good. Its update opens every commit: the row's lock makes batch numbers appear
#: in order and without gaps, in SQLite as in PostgreSQL.
STATE = Table(
    "journal_state",
    metadata,
    Column("id", Integer, primary_key=True),  # always 1
    Column("batches", _Big, nullable=False),  # last batch number given
    Column("trimmed", _Big, nullable=False),  # batches up to here are in the lake alone
    Column("messages", _Big, nullable=False),
    Column("readings", _Big, nullable=False),
    Column("redelivered", _Big, nullable=False),
)

BATCH = Table(
    "journal_batch",
    metadata,
    Column("number", _Big, primary_key=True, autoincrement=False),
    Column("committed_at", UtcTime, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("readings", Integer, nullable=False),
    Column(
        "data", LargeBinary, nullable=False
    ),  # Arrow IPC stream of `store.journal.schema.READING`
)

#: Keys of the messages of a batch, 8 bytes each; they outlive their batch for a while.
KEYS = Table(
    "journal_keys",
    metadata,
    Column("number", _Big, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    Column("keys", LargeBinary, nullable=False),
)

#: What could not become a reading, whole, with its reason.
REFUSED = Table(
    "journal_refused",
    metadata,
    Column("id", _Big, primary_key=True, autoincrement=True),
    Column("number", _Big, nullable=False),  # batch that brought it
    Column("feed", String(64), nullable=False),
    Column("topic", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("reason", String(40), nullable=False, index=True),
    Column("detail", Text, nullable=False),
    Column("received_at", UtcTime, nullable=False),
)

#: What became of a refused message; one without a row here is open.
QUARANTINE = Table(
    "journal_quarantine",
    metadata,
    Column("id", _Big, primary_key=True, autoincrement=False),  # of the refused message
    Column("state", String(16), nullable=False),
    Column("by", String(140), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

REASON = Table(
    "journal_reason",
    metadata,
    Column("reason", String(40), primary_key=True),
    Column("count", _Big, nullable=False),
)

#: Which flush carried which batches: where a follower behind the trim starts in the lake.
FLUSH = Table(
    "journal_flush",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("last_batch", _Big, nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
)

#: What codecs remember of their devices: one row a key, replaced with the batch that changes it.
CODEC_STATE = Table(
    "journal_codec_state",
    metadata,
    Column("feed", String(64), primary_key=True),
    Column("key", String(600), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
