"""One document in every format, the same bytes each time."""

import pytest

from domain.language import languages
from reports.kinds import KINDS
from reports.render.render import FORMATS
from tests.reports.making import made
from tests.reports.test_report import LATER
from tests.servers.programs import need_pango
from tests.tiny import Tiny


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_facts_give_the_same_bytes_in_every_format(tiny: Tiny, kind: str) -> None:
    need_pango()
    first, second = made(tiny, kind, now=LATER), made(tiny, kind, now=LATER)
    for language in languages():
        for write in FORMATS.values():
            assert write(first, language) == write(second, language)
