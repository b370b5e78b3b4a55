"""Counts what the lake has with DuckDB, in a process of its own that shares no code with the writer.

`python -m heatwatch.durability.count LAKE FIRST_US DEVICES SENT` prints one JSON object;
message n is the reading of series n % DEVICES + 1, n // DEVICES seconds behind FIRST_US [µs].
"""

import json
import sys
from typing import Any

import duckdb
from deltalake import DeltaTable

FOUND = """
CREATE TABLE found AS
SELECT (epoch_us("at") - $first) // 1000000 * $devices + series - 1 AS n,
       count(*) AS rows, count(DISTINCT value) AS counted
FROM read_parquet($files) GROUP BY ALL
"""
MISSING = """
SELECT n FROM range($sent) AS sent(n) ANTI JOIN found USING (n) ORDER BY n
"""


def count(lake: str, first_us: int, devices: int, sent: int) -> dict[str, Any]:
    """Messages kept, kept with two values, stored again as an equal row, and the numbers missing."""
    link = duckdb.connect()
    about = {"files": DeltaTable(lake).file_uris(), "first": first_us, "devices": devices}
    link.execute(FOUND, about)
    kept, doubled, again, strange = link.execute(
        "SELECT count(*), count(*) FILTER (counted > 1), coalesce(sum(rows) - count(*), 0), "
        "count(*) FILTER (n < 0 OR n >= $sent) FROM found",
        {"sent": sent},
    ).fetchall()[0]
    missing = [int(n) for (n,) in link.execute(MISSING, {"sent": sent}).fetchall()]
    return {
        "kept": int(kept), "doubled": int(doubled), "stored_again": int(again),
        "strange": int(strange), "missing": missing,
    }  # fmt: skip


if __name__ == "__main__":
    lake, *numbers = sys.argv[1:]
    sys.stdout.write(json.dumps(count(lake, *map(int, numbers))) + "\n")
