"""How long a household's request stands: until somebody measures that all is well (7.20)."""

from collections.abc import Iterable, Sequence

import numpy as np

from analytics.law.known import Known


def standing(
    requests: Iterable[int], passed: Iterable[int], rooms: Sequence[Known], standard: int,
    until_us: int,
) -> list[tuple[int, int]]:  # fmt: skip
    """Spans in which a request stands: from it to the visit that serves it, or to `until_us`. [µs]

    `passed`: last instants of visits whose rooms all passed; one serves the requests up to it where no
    room is known below `standard` [0.001 °C] at it. A request while another one stands starts nothing.
    """
    serving = sorted(at for at in passed if not _below(rooms, at, standard))
    found: list[tuple[int, int]] = []
    for asked in sorted(requests):
        if found and asked <= found[-1][1]:
            continue
        end = next((at for at in serving if at >= asked), until_us)
        found.append((asked, min(end, until_us)))
    return found


def _below(rooms: Sequence[Known], at: int, standard: int) -> bool:
    when = np.array([at], dtype=np.int64)
    told = (room.during(when) for room in rooms)
    return any(bool(known[0]) and int(value[0]) < standard for value, known in told)
