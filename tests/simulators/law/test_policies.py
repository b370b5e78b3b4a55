"""The twin's numbers: every policy says from which temperature on less is owed nothing."""

from simulators.law.policies import MATRIX, POLICIES


def test_every_policy_of_the_matrix_has_bands_deficits_or_the_contracts() -> None:
    for numbers in MATRIX.values():
        assert sum(each in numbers for each in ("bands", "deficits", "contract_bands")) == 1
    assert MATRIX.keys() < POLICIES.keys()
