"""A detector is given what some detector declares, and nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from alerts.columns.watched import Watched, load
from alerts.config import AlertsConfig
from alerts.detectors import kinds
from alerts.detectors.kind import Inputs
from alerts.follower import inputs
from tests.alerts.world import World


@pytest.fixture
def session(small: World) -> Iterator[Session]:
    with Session(small.engine) as opened:
        yield opened


@pytest.fixture
def watched(session: Session) -> Watched:
    return load(session)


def test_what_nobody_declares_stays_empty(session: Session, watched: Watched) -> None:
    config = AlertsConfig(common_share=Decimal("0.4"))
    given = inputs.given(session, watched, config)
    assert given.watched is watched
    assert (given.standard_c, given.common_share) == (config.standard_c, 0.4)
    assert (given.season.places, given.planned.places) == (None, None)


@pytest.mark.parametrize(
    ("name", "wanted"), [("season", Inputs(season=True)), ("planned", Inputs(planned=True))]
)
def test_what_one_declares_is_there_and_the_other_is_not(
    session: Session, watched: Watched, name: str, wanted: Inputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = replace(next(iter(kinds().values())), inputs=wanted)
    monkeypatch.setattr(inputs, "kinds", lambda: {"declared": kind})
    given = inputs.given(session, watched, AlertsConfig())
    filled = {each for each in ("season", "planned") if getattr(given, each).places is not None}
    assert filled == {name}
