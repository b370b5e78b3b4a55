"""Files cut into pieces."""

from typing import Any

ROW = "A1,t,2026-11-22T06:{:02}:00Z,{}"


def refused_rows(report: Any) -> list[int]:
    return sorted(cell.row for cell in report.listed)
