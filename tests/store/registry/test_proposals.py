"""The words of a machine's proposal are known again, in every language."""

import pytest

from domain.language import Text, languages
from store.registry.proposals import BACK, FOUND, of_meters

VALUES = {
    "version": 7, "share": 10, "floor": 28, "least": 10, "held": 60, "flow": 0, "supply": 20,
    "unknown": 0, "off": "",
}  # fmt: skip


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("text", [FOUND, BACK], ids=["found", "back"])
def test_evidence_of_meters_is_known_by_its_words(text: Text, language: str) -> None:
    assert of_meters(Text(text.message, VALUES).to(language))


@pytest.mark.parametrize(
    "evidence", ["", "call of 02:00", "the meters were read by hand", "计量表"]
)
def test_what_a_person_wrote_is_not(evidence: str) -> None:
    assert not of_meters(evidence)
