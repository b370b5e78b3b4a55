"""What open texts are taken to mean: the document, the titles and the policies name the same."""

import re

import pytest

from analytics.law.calculators import calculator, owners
from analytics.law.dated import RULES
from analytics.law.interpretations import TITLES, title
from analytics.law.policy import shipped
from tests.servers.programs import ROOT

PAGE = (ROOT / "docs" / "interpretations.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", PAGE, flags=re.MULTILINE | re.DOTALL))


def test_every_name_that_a_policy_cites_stands_in_the_document_and_the_reverse() -> None:
    every = (each for file in shipped() for each in file.policy.interpretations)
    cited = {each.name for each in every if each.title is None}
    cited |= {*RULES}  # of values that change inside a season: no act that ships has any
    assert set(SECTIONS) == cited == set(TITLES)


def test_each_section_says_in_both_languages_what_why_and_since_when() -> None:
    for name, text in SECTIONS.items():
        assert TITLES[name].to("en") in text, name
        assert TITLES[name].to("zh") in text, name
        assert "*Why:*" in text, name
        assert "*理由：*" in text, name
        assert re.search(r"^Since · 自 \d{4}-\d\d-\d\d$", text, flags=re.MULTILINE), name


def test_calculators_name_the_interpretations_that_are_about_them() -> None:
    """Each of a calculator's own is in the document, and two calculators may name the same one."""
    found = owners()
    assert set(found) <= set(TITLES), (
        "one that only a company's own policy needs stands with its title in that policy, and not in "
        f"`interpretations` of a calculator: {set(found) - set(TITLES)}"
    )
    assert "day_band" in found["unknown-pays-the-smaller"]
    assert "one-rounding-per-line" not in found, "it fits every policy"


def test_two_calculators_may_name_the_same_interpretation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A new one with open days or hourly means once was refused what is called `day_band`'s."""
    also = "record-else-lowest-hour"
    monkeypatch.setattr(calculator("outage_time"), "interpretations", (also,))
    owners.cache_clear()
    try:
        assert {"outage_time", "day_band"} <= set(owners()[also])
    finally:
        owners.cache_clear()


def test_a_name_of_a_companys_own_policy_has_the_policys_title_and_in_older_ones_its_words() -> (
    None
):
    own = {"zh": "本公司释义", "en": "Our own meaning"}
    assert title("our-own-meaning", own) == own
    assert title("our-own-meaning").to("zh") == "our own meaning"
    assert title("gate-is-condition", own).to("en") == "The hours are a condition, not a deductible"
