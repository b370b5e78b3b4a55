"""The words of a machine's proposal are known again, in every language; its id names its span."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.language import Text, languages
from store.registry.importing import check_registry, import_registry
from store.registry.proposals import BACK, FOUND, of_meters
from tests.actors import TEST
from tests.books import new_books
from tests.store.city import city, write_city

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


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The city without outages; `check_registry` leaves it as it is."""
    folder = tmp_path_factory.mktemp("town")
    engine, rows = new_books(folder / "books.db"), city()
    import_registry(engine, [write_city(folder / "city", {**rows, "outages": []})], by=TEST)
    yield engine
    engine.dispose()


HERE = "S1-01@20251219T160000Z+46800"  # the city's outage
LATER, NEXT = "2025-12-24T13:00:00+08:00", "2025-12-20T00:00:01+08:00"


@pytest.mark.parametrize("decision", ["confirmed", "rejected"])
@pytest.mark.parametrize(
    ("proposal", "column", "value", "said"),
    [
        (HERE, "", "", ""),
        ("P-deadbeef", "", "", "proposal"),
        (HERE + ".0", "", "", "proposal"),
        (HERE, "until", LATER, "until"),
        (HERE, "until", "", "until"),
        (HERE, "since", NEXT, "since"),
        (HERE, "place", "S1-02", "place"),
        ("S9@20251219T160000Z+46800", "", "", "place"),
    ],
)
def test_a_decision_is_about_the_place_and_span_that_its_proposal_names(
    town: Engine, tmp_path: Path, proposal: str, column: str, value: str, said: str, decision: str
) -> None:
    names = ["place", "since", "until"]
    row = city()["outages"][0]
    row[6:8] = [proposal, decision]
    if column:
        row[names.index(column)] = value
    folder = write_city(tmp_path / "in", {"outages": [row]})
    report = check_registry(town, [folder])
    assert [each.column for each in report.refused] == ([said] if said else [])
    if said in names:
        code, _, _ = proposal.partition("@")
        named = f"the proposal {proposal}, which stands for {code} from 2025-12-19T16"
        assert named in str(report.refused[0].why)
    # a reason corrects the end of an outage, and nothing else
    corrected = (decision, said) == ("confirmed", "until") and value
    why = check_registry(town, [folder], reason="log 9: back on the 24th").refused
    assert [each.column for each in why] == ([said] if said and not corrected else [])
