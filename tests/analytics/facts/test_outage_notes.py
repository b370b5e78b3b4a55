"""What a facts file says of an outage is kept with it, and what can't be is refused by key."""

from datetime import datetime

import pytest

from analytics.facts.outage_notes import with_notes
from analytics.facts.snapshot import NEVER_US
from domain.errors import WrongCall


def local(text: str, _key: str) -> int:
    return int(datetime.fromisoformat(text + "+00:00").timestamp())


SINCE, UNTIL, ANNOUNCED = "2025-01-10T06:00", "2025-01-10T18:00", "2025-01-07T06:00"
SPAN = (local(SINCE, ""), local(UNTIL, ""))


def test_an_outage_with_a_note_stands_apart_with_it() -> None:
    other = (SPAN[1] + 1, SPAN[1] + 2)
    notes = [{"since": SINCE, "announced_at": ANNOUNCED}]
    plain, noted = with_notes([SPAN, other], notes, local)
    assert (plain, noted) == ([other], [(*SPAN, 1, local(ANNOUNCED, ""), 0)])
    assert with_notes([SPAN], [{"since": SINCE, "cause": "third_party"}], local) == (
        [], [(*SPAN, 1, NEVER_US, 2)],
    )  # fmt: skip
    assert with_notes([SPAN], [{"since": SINCE, "cause": "operator"}], local) == ([SPAN], [])
    assert with_notes([SPAN], [{"since": SINCE, "cause": "user"}], local) == ([], [])


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ({"since": UNTIL}, "outage_notes.since: .*no outage begins then"),
        ({"since": SINCE, "announced_at": UNTIL}, "announced_at: .*does not lie before"),
        ({"since": SINCE, "cause": "weather"}, "outage_notes.cause.*'weather'.*force_majeure"),
        ({"since": SINCE, "why": "x"}, "outage_notes: key.*'why'"),
    ],
)
def test_a_note_that_can_not_be_is_refused(note: dict[str, str], said: str) -> None:
    with pytest.raises(WrongCall, match=said):
        with_notes([SPAN], [note], local)
