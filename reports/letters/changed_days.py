"""Days that a correction pays otherwise, as a letter names them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

Shown = Callable[[str, str], str]


def paid_otherwise(
    difference: Mapping[str, Any], shown: Shown, language: str
) -> tuple[str, dict[str, str]]:
    """Which sentence tells a difference, and its days: those of its sums, and of them those that differ."""
    whole = shown(difference["first_day"], difference["last_day"])
    changed = stretches(difference.get("days", ()), shown, language)
    if changed in ("", whole):
        return "differs", {"days": whole}
    return "differs_on", {"days": whole, "changed": changed}


def stretches(days: Sequence[str], shown: Shown, language: str) -> str:
    """Days (n,) in their order, those beside each other as one stretch that `shown` writes.

    >>> stretches(["2025-01-05", "2025-01-06", "2025-01-08"], "{}..{}".format, "en")
    '2025-01-05..2025-01-06, 2025-01-08..2025-01-08'
    >>> stretches([], "{}..{}".format, "en")
    ''
    """
    begins = [i for i, day in enumerate(days) if i == 0 or _next(days[i - 1]) != day]
    edges = pairwise([*begins, len(days)])
    return ("、" if language == "zh" else ", ").join(shown(days[a], days[b - 1]) for a, b in edges)


def _next(iso: str) -> str:
    return (date.fromisoformat(iso) + timedelta(days=1)).isoformat()
