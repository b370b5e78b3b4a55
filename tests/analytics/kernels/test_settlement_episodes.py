"""In which cold spells a request stands, against what was worked out by hand."""

import numpy as np

from analytics.kernels.settlement_episodes import (
    AT_EVIDENCE,
    AT_RECORD,
    AT_REQUEST,
    BELOW,
    COMPLIANT,
    FIELDS,
    LONG_UNKNOWN,
    OPEN,
    RECORD,
    RECOVERED,
    SUPPOSED,
    episodes,
)

Piece = tuple[int, int, bool]  # at, state, held
END = 100


def told(
    known: list[Piece],
    requests: list[int],
    *,
    consent: bool = False,
    met: tuple[int, ...] = (),
    clock_at: int = AT_REQUEST,
    samples: tuple[tuple[int, int, bool], ...] = (),
) -> list[list[tuple[int, ...]]]:
    """Per bound, (clock, end, request, how) of one household over [0, 100)."""
    most = len(known) + len(requests) + 2
    at, value = (np.array([each[i] for each in samples], dtype=np.int64) for i in (0, 1))
    record = np.array([each[2] for each in samples], dtype=np.bool_)
    out = np.zeros((2, most, FIELDS), dtype=np.int64)
    count = np.zeros((1, 2), dtype=np.int64)
    episodes(
        0, 1, np.array([0, 1]), np.zeros(1, dtype=np.int64), np.array([at.size]), at, value, record, 18_000, END,
        np.array([0]), np.array([len(known)]), np.array([each[0] for each in known]),
        np.array([each[1] for each in known], dtype=np.uint8),
        np.array([each[2] for each in known]), np.array([0]), np.array([len(met)]),
        np.array(met, dtype=np.int64), np.array([0, len(requests)]),
        np.array(requests, dtype=np.int64), np.array([consent]), clock_at,
        np.zeros(1, dtype=np.uint8), np.array([0, most]), out,
        count,
    )  # fmt: skip
    return [[tuple(row[:4]) for row in out[b, : count[0, b]].tolist()] for b in range(2)]


COLD = [(0, COMPLIANT, True), (20, BELOW, False), (60, COMPLIANT, True)]
AGAIN = [*COLD, (70, BELOW, False), (90, COMPLIANT, True)]


def test_the_clock_starts_at_the_spell_or_at_a_later_request() -> None:
    assert told(COLD, [10])[0] == [(20, 60, 10, RECOVERED)]
    assert told(COLD, [30])[0] == [(30, 60, 30, RECOVERED)]


def test_where_a_measurement_starts_the_clock_telemetry_does_not() -> None:
    cold = ((25, 17_000, False), (40, 17_000, True), (50, 17_000, True))
    assert told(COLD, [10], clock_at=AT_EVIDENCE, samples=cold)[0] == [(25, 60, 10, RECOVERED)]
    for bound in (0, 1):
        measured = told(COLD, [10], clock_at=AT_RECORD, samples=cold)[bound]
        assert measured == [(40, 60, 10, RECOVERED)]
    late = told(COLD, [45], clock_at=AT_RECORD, samples=cold)[1]
    assert late == [(50, 60, 45, RECOVERED)]


def test_what_nobody_has_measured_is_open_and_what_was_measured_and_passed_is_not() -> None:
    cold = ((25, 17_000, False),)
    below, compliant = told(COLD, [10], clock_at=AT_RECORD, samples=cold)
    assert (below, compliant) == ([(20, 60, 10, RECOVERED)], [])
    passed = told(COLD, [10], clock_at=AT_RECORD, samples=cold, met=(30,))
    assert passed == [[], []]


def test_without_a_request_only_standing_consent_claims_a_spell() -> None:
    assert told(COLD, []) == [[], []]
    assert told(COLD, [], consent=True)[0] == [(20, 60, 20, RECOVERED)]


def test_recovery_by_samples_ends_the_spell_and_not_the_request() -> None:
    assert told(AGAIN, [10])[0] == [(20, 60, 10, RECOVERED), (70, 90, 10, RECOVERED)]
    assert told(AGAIN, [], consent=True)[0] == [(20, 60, 20, RECOVERED), (70, 90, 20, RECOVERED)]


def test_a_visit_serves_the_request_and_the_next_spell_needs_another() -> None:
    assert told(AGAIN, [10], met=(65,))[0] == [(20, 60, 10, RECOVERED)]
    assert told(AGAIN, [10, 64], met=(65,))[0] == [(20, 60, 10, RECOVERED)]
    assert told(AGAIN, [10, 66], met=(65,))[0][1:] == [(70, 90, 66, RECOVERED)]
    assert told(AGAIN, [10, 66], met=(5,))[0][1:] == [(70, 90, 10, RECOVERED)]
    assert told(AGAIN, [], consent=True, met=(65,))[0][1:] == [(70, 90, 70, RECOVERED)]


def test_compliance_that_was_not_held_ends_nothing() -> None:
    brief = [(20, BELOW, False), (60, COMPLIANT, False)]
    assert told(brief, [20])[0] == [(20, END, 20, OPEN)]
    assert told(brief, [20], met=(70,))[0] == [(20, 70, 20, RECORD)]


def test_a_long_unknown_ends_the_spell_in_one_bound_only() -> None:
    gap = [(20, BELOW, False), (50, LONG_UNKNOWN, False)]
    assert told(gap, [20]) == [[(20, END, 20, OPEN)], [(20, 50, 20, SUPPOSED)]]
