"""Hashes over results: each version is of every result, in their order, however they are added."""

import hashlib
import json

import numpy as np
import pytest
from sqlalchemy import Engine

from analytics.settlement.result_hashes import (
    FIRST,
    VERSION,
    Digests,
    content_of,
    digests_of,
    results_hash,
    results_sha256,
)
from tests.analytics.books import settled

VERSIONS = [None, FIRST, VERSION]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_hash_is_of_every_result_in_order_and_the_same_one_by_one(
    books: Engine, version: int | None
) -> None:
    found = settled(books)
    hashed = results_hash(version)
    for each in found.results:
        hashed.add(each.hashed(), each.steps)
    assert hashed.hexdigest() == found.sha256(version)
    turned = ((each.hashed(), each.steps) for each in reversed(found.results))
    assert results_sha256(turned, version) != found.sha256(version)


def test_the_second_version_is_over_the_codes_and_the_digest_of_each_result(books: Engine) -> None:
    found, hashed = settled(books), Digests()
    for each in found.results:
        hashed.add(each.hashed(), each.steps)

    def sha256(value: object) -> bytes:
        told = json.dumps(value, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(told.encode()).digest()

    digests = [sha256([*each.hashed()[1:], [*each.steps]]) for each in found.results]
    content = sha256([each.code for each in found.results]) + b"".join(digests)
    assert hashed.content() == content
    assert hashed.hexdigest() == hashlib.sha256(content).hexdigest() == found.sha256()
    rows = digests_of(content)
    assert [row.tobytes() for row in rows] == digests
    assert content_of(found.snapshot.code, rows) == content


def test_a_digest_changes_with_its_result_and_with_no_other(books: Engine) -> None:
    found, hashed = settled(books), Digests()
    for each in found.results:
        head = each.hashed()
        hashed.add([head[0], "9.00" if head[0] == "H2" else head[1], *head[2:]], each.steps)
    before = Digests()
    before.add_rows(found.results, 0, 4)
    changed = digests_of(hashed.content()) != digests_of(before.content())
    assert np.flatnonzero(changed.any(axis=1)).tolist() == [1]
