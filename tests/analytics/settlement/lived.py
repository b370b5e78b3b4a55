"""The lives of a scenario's requests, as tests ask for them."""

from zoneinfo import ZoneInfo

from analytics.facts.facts_file import from_facts
from analytics.law.policy import shipped
from analytics.settlement.request_lives import lives_of
from domain.requests import Life
from tests.analytics.facts import Scenario

POLICIES = {each.policy.id: each for each in shipped()}


def lived(scenario: Scenario) -> tuple[Life, ...]:
    """The lives of a season's requests, by time."""
    law = POLICIES[scenario["policy"]].policy
    own = from_facts(scenario, law.id, law.currency)
    return lives_of(own.snapshot, lambda _: own.columns, law).get(1, ())


def course(life: Life) -> list[tuple[str, str]]:
    """(state, local day and time) of each stage."""
    zone = ZoneInfo("Asia/Shanghai")
    return [(s.state.value, f"{s.since.astimezone(zone):%dT%H:%M}") for s in life.stages]
