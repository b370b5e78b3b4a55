"""An address that leads nowhere is answered in the visitor's language, with links that lead somewhere."""

import pytest

from dashboards.console.missing import page_of
from heatwatch.services.screens import screens_of
from tests.two_companies import Both


@pytest.mark.parametrize(
    ("language", "head", "name"),
    [("zh", "没有这个页面", "另一热力"), ("en", "There is no such page", "另一热力")],
)
def test_the_page_links_to_every_company_and_to_the_other_languages(
    worlds: Both, language: str, head: str, name: str
) -> None:
    page = page_of(screens_of(worlds.together), language)
    assert f'<html lang="{language}">' in page
    assert f"<h1>{head}</h1>" in page
    for company in ("demo", "other"):
        assert f'href="/?company={company}&amp;lang={language}"' in page
    assert name in page
    other = {"zh": "en", "en": "zh"}[language]
    assert f'href="?lang={other}"' in page
    assert f'href="?lang={language}"' not in page
