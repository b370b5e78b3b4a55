"""Counts the lake's rows with DuckDB, in a process of its own, over the lake's own file list.

`python -m heatwatch.demo.lake_count LAKE FEED [FEED ...]` prints one JSON object. It shares no code
with what wrote the lake, so that an agreement of both counts means something.
"""

import json
import sys
from typing import Any

import duckdb
from deltalake import DeltaTable

COUNT = """
SELECT count(*) AS readings,
       count(*) FILTER (WHERE part = 0) AS messages,
       count(DISTINCT (series, "at")) AS identities,
       max(flush) AS flush
FROM read_parquet($files)
WHERE list_contains($feeds, feed)
"""


def count(lake: str, feeds: list[int]) -> dict[str, Any]:
    """Readings, messages and distinct (series, event time) of these feeds."""
    files = DeltaTable(lake).file_uris()
    if not files:
        return {"readings": 0, "messages": 0, "identities": 0, "flush": 0}
    found = duckdb.execute(COUNT, {"files": files, "feeds": feeds}).fetchone()
    assert found is not None  # an aggregate always has a row
    return dict(zip(("readings", "messages", "identities", "flush"), found, strict=True))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(count(sys.argv[1], [int(feed) for feed in sys.argv[2:]])) + "\n")
