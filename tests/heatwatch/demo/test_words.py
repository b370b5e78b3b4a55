"""Words of the demo's summary."""

from domain.language import Text, languages
from heatwatch.demo.words import ENDINGS, ending_words
from simulators.plan.plan import Ending


def test_every_ending_has_words() -> None:
    for ending in Ending:
        assert isinstance(ending_words(ending.value), Text)
    for language in languages():
        assert len({text.to(language) for text in ENDINGS.values()}) == len(ENDINGS)


def test_an_ending_without_words_is_shown_by_its_code() -> None:
    assert ending_words("new_ending") == "new_ending"
