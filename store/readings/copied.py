"""Readings of a copy that may only be read: what its lake holds, without a journal behind it."""

from datetime import datetime

from store.journal.journal import Batch, Flush
from store.lake.lake import Lake, Snapshot
from store.readings.lake_readings import LakeReadings
from store.readings.readings import Readings


class CopiedReadings(Readings):
    """Gives columns as of a flush as `Readings` does; there is nothing to flush, import or follow."""

    def __init__(self, lake: Lake) -> None:
        LakeReadings.__init__(self, lake)

    def flush(self, now: datetime) -> Flush:
        """The last one: nothing comes in."""
        del now
        return self.lake.last_flush()

    def moment(self, as_of: int | None) -> tuple[Snapshot, list[Batch]]:
        return LakeReadings.moment(self, as_of)
