"""Messages that nobody means to send: many kinds, and the same again for the same seed."""

from ingest.codecs.fuzz import mutated
from ingest.codecs.message import Message

GOLDEN = (
    Message("a/b", b'{"t": 21.5, "u": "Cel"}', 5),
    Message("a/c", bytes(range(60)), 6, retained=True),
)


def test_the_same_seed_and_number_give_the_same_message() -> None:
    first, second = ([mutated(GOLDEN, 7, i) for i in range(300)] for _ in range(2))
    assert first == second
    assert [mutated(GOLDEN, 8, i) for i in range(300)] != first


def test_messages_are_damaged_in_many_ways_and_some_not_at_all() -> None:
    made = [mutated(GOLDEN, 1, i) for i in range(2000)]
    payloads = [each.payload for each in made]
    whole = [each.payload for each in GOLDEN]
    assert len(set(payloads)) > 1200
    assert {each.payload in whole for each in made} == {True, False}
    assert any(len(each) > 50_000 for each in payloads)
    assert any(not each for each in payloads)
    assert any(b"9" * 400 in each for each in payloads)
    assert {each.retained for each in made} == {each.replayed for each in made} == {True, False}
    assert len({each.topic for each in made}) > 20
