"""Each kind of damage has words of its own."""

from analytics.ledger.damage import Damage


def test_every_kind_of_damage_has_words_that_no_other_has() -> None:
    words = [str(each.words) for each in Damage]
    assert len(set(words)) == len(Damage)
