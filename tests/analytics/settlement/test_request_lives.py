"""The lives of requests agree with what settlements did, on the reference seasons and random ones."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from analytics.settlement.settle import settle_facts
from domain.requests import STATES, Cold, Life, State
from domain.time import Span, local_day, local_days
from simulators.law import russia
from simulators.law.episodes import Episode, episodes, late_from, standing
from simulators.law.payers import Household
from simulators.law.policies import POLICIES as DAY_BANDS
from simulators.law.record_worlds import DALIAN, LIAONING
from simulators.law.refund import parts_of
from simulators.law.season import Season, timeline, unknown_settled
from simulators.law.twins import world_of
from simulators.law.worlds import random_world
from tests.analytics.facts import Scenario, facts, reference_seasons
from tests.analytics.settlement.lived import POLICIES, course, lived
from tests.analytics.settlement.owing import acts, at, spells
from tests.shared import shared_folder

LINYI, HENAN, WEIFANG = "CN-SD-LINYI-2017", "CN-HA-2018", "CN-SD-WEIFANG-2021"
HEZE, QINGDAO, BINZHOU = "CN-SD-HEZE-2017", "CN-SD-QINGDAO-2017", "CN-SD-BINZHOU-2016"
REFERENCE = (HENAN, "CN-HA-LY-2018", LINYI, WEIFANG, "CN-SD-TAIAN-2020", QINGDAO)
#: Seeds with requests that were served, joined, refused and late, under each of these policies.
SEEDS = {
    HENAN: (6, 8, 17, 73), LINYI: (8, 17, 18, 73, 182), WEIFANG: (8, 17, 71), HEZE: (8, 17, 53),
    QINGDAO: (8, 17, 53), BINZHOU: (18, 66, 186), "CN-BJ-BF2022-0501": (8, 17),
}  # fmt: skip
#: With consent more than the requests on record stand, and these are what is looked at.
WITHOUT_CONSENT = {"standing_consent": False}
COLD_SPELL = spells(("10T00:00", "13T00:00"))


def stood(life: Life) -> bool:
    return life.stages[0].state is not State.JOINED


def differences(scenario: Scenario) -> Iterator[str]:
    """What the lives say otherwise than the naive twin and the money of the law core."""
    found = lived(scenario)
    parts = [Season(part) for part, _ in parts_of(scenario)]
    until: dict[datetime, datetime] = {}
    for each in (each for part in parts for each in standing(part, ())):
        until[each.request] = max(each.until, until.get(each.request, each.until))
    own = {each.request: each.until for each in found if stood(each)}
    if own != until:
        yield f"stand {own}, expected {until}"
    if {each.request for each in found} != set(parts[0].requests):
        yield "not every request of the season has a life"
    late = {e.request: late_from(s, e) for s in parts for e in claimed(s) if late_from(s, e)}
    said = {each.request: presumed(each, parts[0]) for each in found if each.presumed}
    if late != said:
        yield f"late {said}, expected {late}"
    yield from paid_elsewhere(scenario, found)


def claimed(season: Season) -> Iterator[Episode]:
    pieces = unknown_settled(season, timeline(season))
    for suppose in ("below", "compliant"):
        yield from episodes(season, pieces, suppose)


def presumed(life: Life, season: Season) -> tuple[date, date | None]:
    """First presumed day, first day no longer so."""
    assert life.presumed is not None
    since, until = life.presumed
    return season.day(since), None if until is None else season.day(until)


def paid_elsewhere(scenario: Scenario, found: tuple[Life, ...]) -> Iterator[str]:
    """Days paid for cold though no request stood in them: a served one pays nothing more."""
    zone = ZoneInfo(scenario.get("zone", "Asia/Shanghai"))
    days: set[date] = set()
    for each in filter(stood, found):
        days |= {day for day, _ in local_days(Span(each.request, each.until), zone)}
        days.add(local_day(each.until, zone))
    for line in settle_facts(scenario, POLICIES[scenario["policy"]]).lines:
        length = (line.last - line.first).days + 1
        paid = {line.first + timedelta(days=i) for i in range(length)}
        if line.kind == "temperature" and not paid <= days:
            yield f"pays {sorted(paid - days)}, no request stood"


#: Policy -> the temperature by which its twin says how long a report stands. [°C]
REPORTS = {"RU-354": Decimal(18), "RU-354-31": Decimal(20)}
#: Seeds with requests that were served, joined and late, and that households made who moved or bore no fee.
TRIED = (6, 18, 124)


def stands_by_twin(scenario: Scenario) -> dict[datetime, datetime]:
    """Request -> until when it stands, by the twin of its law; of a stay at most to its end."""
    found: dict[datetime, datetime] = {}
    for part, end in stays(scenario):
        if (norm := REPORTS.get(part["policy"])) is not None:
            spans = [
                (datetime.fromtimestamp(since, UTC), datetime.fromtimestamp(until, UTC))
                for since, until in russia.House(part, frozenset(), norm).reports
            ]
        else:
            every = [each for own, _ in parts_of(part) for each in standing(Season(own), ())]
            spans = [(each.request, each.until) for each in every]
        for request, until in spans:
            found[request] = max(min(until, end), found.get(request, request))
    return found


def stays(scenario: Scenario) -> list[tuple[Scenario, datetime]]:
    """The facts of each of those who lived there, and when they left."""
    if not scenario.get("fee_spans"):
        return [(scenario, datetime.max.replace(tzinfo=UTC))]
    home = Household(scenario)
    return [
        (dict(home.of_stay(scenario, each)), each[1])
        for each in home.stays()
        if each[2] != "nobody"
    ]


def of_nobody(scenario: Scenario) -> dict[datetime, datetime]:
    """Requests made when nobody lived there: they never stood."""
    if not scenario.get("fee_spans"):
        return {}
    home = Household(scenario)
    at = [home.instant(text) for text in scenario["requests"]]
    return {e: e for e in at if home.who_at(e) == "nobody" and home.since <= e < home.until}


@pytest.mark.compiled
@pytest.mark.parametrize(
    "policy", [pytest.param(p, id=f"{p}-{TRIED}") for p in sorted({*DAY_BANDS, *REPORTS})]
)
def test_a_request_stands_as_long_as_the_twin_of_its_law_says(policy: str) -> None:
    for scenario in (world_of(policy, seed) | WITHOUT_CONSENT for seed in TRIED):
        own = {each.request: each.until for each in lived(scenario) if stood(each)}
        assert own == stands_by_twin(scenario) | of_nobody(scenario), scenario["id"]


@pytest.mark.parametrize("policy", sorted({*POLICIES} - {*DAY_BANDS, *REPORTS, LIAONING, DALIAN}))
def test_requests_change_no_sum_of_an_act_that_needs_none(policy: str) -> None:
    scenario = world_of(policy, 97) | {"requests": []}
    since, until = scenario["season"]
    later = (datetime.fromisoformat(since) + timedelta(days=2)).isoformat(timespec="minutes")
    asked = scenario | {"requests": [since, later, until]}
    results = [settle_facts(each, POLICIES[policy]) for each in (scenario, asked)]
    assert results[0].lines == results[1].lines
    assert results[0].undetermined == results[1].undetermined
    assert len(lived(asked)) == 2  # of the season


@pytest.mark.compiled
@pytest.mark.parametrize("policy", REFERENCE)
def test_states_agree_with_settlements_on_the_reference_seasons(policy: str) -> None:
    seasons = [scenario for scenario, _ in reference_seasons(shared_folder(), policy)][::3]
    wrong = {each["id"]: list(differences(each)) for each in seasons}
    assert seasons
    assert {key: said for key, said in wrong.items() if said} == {}


@pytest.mark.compiled
@pytest.mark.parametrize(
    "policy", [pytest.param(each, id=f"{each}-{seeds}") for each, seeds in SEEDS.items()]
)
def test_states_agree_with_settlements_on_random_seasons(policy: str) -> None:
    worlds = {seed: random_world(seed, policy=policy) | WITHOUT_CONSENT for seed in SEEDS[policy]}
    wrong = {seed: list(differences(each)) for seed, each in worlds.items()}
    assert {key: said for key, said in wrong.items() if said} == {}


def test_the_random_seasons_have_every_state_but_withdrawal() -> None:
    every = [lived(random_world(seed, policy=p)) for p in (LINYI, QINGDAO) for seed in SEEDS[p]]
    found = {stage.state for lives in every for life in lives for stage in life.stages}
    assert found == set(STATES) - {
        State.MOVED_OUT,
        State.WITHDRAWN,
        State.CLAIMED,
        State.CLAIMED_LATE,
    }
    assert any(life.presumed for lives in every for life in lives)


def test_a_request_is_due_overdue_measured_and_served() -> None:
    made = acts(("11T12:00", "bedroom", "15.000"), ("14T12:00", "bedroom", "20.000"))
    scenario = facts(
        LINYI, {"bedroom": COLD_SPELL}, requests=at("10T06:00", "12T00:00", "14T12:01"), acts=made
    )
    first, joined, after = lived(scenario)
    assert course(first) == [
        ("visit_due", "10T06:00"), ("overdue", "11T06:00"), ("measured", "11T12:00"),
        ("served", "14T12:00"),
    ]  # fmt: skip
    assert [str(each.reason) for each in first.stages[1:3]] == [
        "nobody came within the limit to measure", "measured below the standard",
    ]  # fmt: skip
    assert course(joined) == [("joined", "12T00:00")]
    assert [state for state, _ in course(after)] == ["visit_due", "overdue", "lapsed"]
    assert first.presumed is not None
    assert after.presumed is None


def test_whether_a_cold_spell_runs_under_it_is_known_from_the_readings() -> None:
    scenario = facts(HENAN, {"bedroom": COLD_SPELL}, requests=at("09T06:00"))
    [life] = lived(scenario)
    morning = life.request  # 6:00 of the ninth
    asked = [life.cold(morning + timedelta(days=days)) for days in (0, 2, 5)]
    assert asked == [Cold.WAITING, Cold.RUNNING, Cold.WAITING]
    assert life.cold(life.until) is None


def test_a_room_that_telemetry_knows_below_keeps_the_request_alive() -> None:
    rooms = {"bedroom": COLD_SPELL, "living": COLD_SPELL}
    made = acts(("11T12:00", "bedroom", "20.000"))
    [life] = lived(facts(WEIFANG, rooms, requests=at("10T06:00"), acts=made))
    assert course(life)[-2][0] == "measured"
    assert life.stages[-1].state is State.LAPSED
    assert str(life.stages[-2].reason).startswith("what was measured passed, but a room")


def test_an_act_that_pays_without_a_request_judges_its_visits_by_records_alone() -> None:
    ordos = "CN-NM-ORDOS"
    scenario = facts(HENAN, {"bedroom": COLD_SPELL}, requests=at("10T06:00", "12T00:00"))
    scenario |= {"policy": ordos, "measurements": acts(("11T12:00", "bedroom", "20.000"))}
    scenario.pop("acts")
    assert [course(each)[-1][0] for each in lived(scenario)] == ["served", "lapsed"]
