"""Configuration of what is kept and where."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from domain.faults import shaped
from domain.language import msg
from domain.time import civil_zone
from store.server import address

_URL = shaped("https?://.+", msg("begins with http:// or https://, e.g. http://127.0.0.1:8086"))


def _journal(text: str) -> str:
    address.check("journal", text)
    return text


def _books(text: str) -> str:
    address.check("books", text, in_memory=True)
    return text


def _lake(uri: str) -> str:
    return address.lake("lake", uri)


class StoreSection(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class InfluxConfig(StoreSection):
    """The InfluxDB that mirrors readings for Grafana, and how much of them."""

    url: Annotated[str, AfterValidator(_URL)]
    org: str = Field(min_length=1)
    bucket: str = Field(min_length=1)
    token: str = Field(default="", repr=False)  # from the environment; needed to write, not to read
    full: tuple[Literal["source", "station", "zone", "building", "household", "room"], ...] = (
        "source",
        "station",
        "zone",
        "building",
    )  # kinds of place whose every reading is mirrored
    households: Literal["day", "none"] = "day"  # per household and local day: mean, least, last
    zone: Annotated[str, AfterValidator(civil_zone)] = "Asia/Shanghai"  # of the local civil days
    start: Literal["beginning", "now"] = "beginning"  # where a new mirror starts to follow
    poll_seconds: float = Field(default=2.0, gt=0, le=600)  # how long it waits for more


class StoreConfig(StoreSection):
    """Journal, lake and books, and when the one is emptied into the other."""

    journal: Annotated[str, AfterValidator(_journal)] = Field(
        min_length=1
    )  # path of a SQLite file, or a postgresql:// address
    lake: Annotated[str, AfterValidator(_lake)] = Field(min_length=1)  # folder, or s3://bucket/path
    lake_options: dict[str, str] = Field(default_factory=dict, repr=False)
    books: Annotated[str, AfterValidator(_books)] = Field(
        min_length=1
    )  # path of a SQLite file, or a postgresql:// address
    flush_seconds: float = Field(default=30.0, gt=0, le=3600)
    compact_seconds: float = Field(default=600.0, gt=0, le=86_400)
    journal_keep_batches: int = Field(
        default=200_000, ge=0, le=10**9
    )  # most kept for a slow follower
    influx: InfluxConfig | None = None
