"""Results in columns say what the objects say, in their bytes, too."""

import hashlib
import json
from decimal import Decimal

import numpy as np
import pytest
from sqlalchemy import Engine

from analytics.law.lines import ZERO
from analytics.law.reasons import NO_FEE, NOT_CHARGED, PAID
from analytics.law.steps import MadeWhenRead
from analytics.settlement.result import Result
from analytics.settlement.result_columns import OWN, ResultColumns, Shared
from analytics.settlement.result_hashes import FIRST, VERSION, content_of, digests_of, results_hash
from tests.analytics.books import settled

STEPS = ({"step": "policy", "text": "\u6cd5"},), ({"step": "reason", "text": "none"},)
SHARED = Shared(NO_FEE, STEPS[0]), Shared(NOT_CHARGED, STEPS[1])
CODES = ("H1", "H2", '\u6d77"3', "H\\4", "H5", "H6", "H7")
PLACES = np.arange(11, 18, dtype=np.int32)


def paid(row: int) -> Result:
    sum_ = Decimal("20.00")
    steps = MadeWhenRead(lambda: [{"step": f"line {row}"}])
    return Result(11 + row, CODES[row], "CNY", sum_, True, sum_, ZERO, PAID, (), steps)


def _sha256(told: str) -> bytes:
    return hashlib.sha256(told.encode()).digest()


def columns(alike: list[int]) -> ResultColumns:
    own = {row: paid(row) for row, kind in enumerate(alike) if kind == OWN}
    return ResultColumns(PLACES, CODES, ("CNY",) * 7, np.array(alike), SHARED, own)


@pytest.mark.parametrize(
    "alike", [[0, 0, 0, 0, 0, 0, 0], [0, 0, OWN, OWN, 1, 1, 0], [OWN, 1, 0, 1, 0, OWN, OWN]]
)
def test_the_hash_of_columns_is_that_of_the_json_of_all_results(alike: list[int]) -> None:
    found = columns(alike)
    told = [[*each.hashed(), [*each.explained]] for each in found]
    raw = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
    rows = [_sha256(json.dumps(each[1:], ensure_ascii=False, sort_keys=True)) for each in told]
    of_codes = content_of(CODES, digests_of(b"".join((b"\0" * 32, *rows))))
    wanted = {FIRST: raw, VERSION: of_codes}
    for version, size in ((v, s) for v in wanted for s in (1, 2, 3, 7)):
        hashed, texts = results_hash(version), []
        for first in range(0, len(found), size):
            texts += hashed.add_rows(found, first, min(first + size, len(found)))
        assert hashed.hexdigest() == hashlib.sha256(wanted[version]).hexdigest()
        assert [json.loads(each) for each in texts] == [list(each.explained) for each in found]


def test_columns_are_a_sequence_of_their_results() -> None:
    found = columns([0, 0, OWN, 1, 1, OWN, 0])
    objects = tuple(found)
    assert found[1:4] == objects[1:4]
    assert (found[-1], found[2]) == (objects[6], paid(2))
    assert [each.code for each in reversed(found)] == [*reversed(CODES)]
    assert found == ResultColumns.of(objects) == ResultColumns.of(found)
    assert found != columns([0, 0, OWN, 1, 1, 1, 0])
    with pytest.raises(IndexError):
        found[7]
    assert [*ResultColumns.of(()).stretches(0, 0)] == []


def test_rows_beside_each_other_with_one_reason_are_one_stretch() -> None:
    found = [*columns([0, 0, OWN, OWN, 1, 1, 0]).stretches(1, 7)]
    assert [(first, end) for first, end, _ in found] == [(1, 2), (2, 3), (3, 4), (4, 6), (6, 7)]
    assert [each.shared for each in found] == [SHARED[0], None, None, SHARED[1], SHARED[0]]


def test_of_a_city_only_what_was_judged_is_an_object(books: Engine) -> None:
    found = settled(books)
    reasons: dict[str, int] = {}
    for each in found.results:
        reasons[each.reason.code] = reasons.get(each.reason.code, 0) + 1
    assert found.reasons() == reasons
    assert found.total() == sum(each.total for each in found.results)
