"""Seasons of records and outages for the calculators that need no readings."""

import random
from datetime import datetime, timedelta
from typing import Any

from simulators.law.consents import with_consent

Scenario = dict[str, Any]
ORDOS, YINCHUAN = "CN-NM-ORDOS", "CN-NX-YINCHUAN-2010"
LIAONING, DALIAN = "CN-LN-2016-121", "CN-LN-2016-121-DALIAN"
CHANGCHUN = "CN-JL-CHANGCHUN"
POLAND = "PL-DZU-2020-718"
SEASONS = {
    ORDOS: ["2024-10-15T00:00", "2025-04-16T00:00"],
    YINCHUAN: ["2024-11-01T00:00", "2025-04-01T00:00"],
    LIAONING: ["2024-11-01T00:00", "2025-04-01T00:00"],
    DALIAN: ["2024-11-01T00:00", "2025-04-01T00:00"],
    CHANGCHUN: ["2024-10-20T00:00", "2025-04-07T00:00"],
    "NL-WW": ["2024-10-01T00:00", "2025-05-01T00:00"],
    "GB-SUPPLIER-24H": ["2024-10-01T00:00", "2025-05-01T00:00"],
    "KR-KDHC": ["2024-11-01T00:00", "2025-05-01T00:00"],
    POLAND: ["2024-10-01T00:00", "2025-05-01T00:00"],
}
#: Of those outside China.
ZONES = {
    "NL-WW": "Europe/Amsterdam",
    "GB-SUPPLIER-24H": "Europe/London",
    "KR-KDHC": "Asia/Seoul",
    POLAND: "Europe/Warsaw",
}
CLAIMED = "2025-04-10T09:00"  # in time, where refunds are claimed
MINUTE = timedelta(minutes=1)
WARM = ("17.999", "16.000", "17.900", "18.000", "19.000")
COLD = ("15.999", "15.000", "14.000", "13.999", "12.000")


def season(policy: str, **other: Any) -> Scenario:
    """A season of 20.00 a day without facts but those given."""
    days = {ORDOS: 183, CHANGCHUN: 169}.get(policy, 151)
    zone = {"zone": ZONES[policy]} if policy in ZONES else {}
    claims = {"requests": [CLAIMED]} if policy in (LIAONING, DALIAN) else {}
    return {
        "id": 0, "policy": policy, "season": SEASONS[policy], "season_fee": f"{days * 20}.00",
        "interval_min": 15, "rooms": {"bedroom": [], "living": []}, "requests": [], "acts": [],
        "outages": [], "outdoor_excused_days": [],
    } | zone | claims | other  # fmt: skip


def random_season(seed: int, policy: str) -> Scenario:
    """Records and outages around what counts: midnights, 24 h, 72 h, 7 and 30 days, give or take."""
    rng = random.Random(seed)
    since, _ = (datetime.fromisoformat(text) for text in SEASONS[policy])
    at, acts, outages = since + timedelta(days=rng.randrange(-2, 60)), [], []
    for _ in range(rng.randrange(0, 16)):
        gaps = (1, 60, 1440, 7 * 1440, 10 * 1440, 14 * 1440, 15 * 1440)
        at += MINUTE * rng.choice(gaps if policy in (ORDOS, YINCHUAN) else (*gaps, 5 * 1440))
        at += MINUTE * rng.choice((-1, 0, 0, 1))
        celsius = rng.choice(WARM if policy in (ORDOS, YINCHUAN) else (*WARM, *COLD))
        acts.append([at.isoformat(timespec="minutes"), rng.choice(("bedroom", "living")), celsius])
    at = since + timedelta(days=rng.randrange(-3, 120))
    for _ in range(rng.randrange(0, 6)):
        begin = at + MINUTE * rng.choice((0, 59, 60, 90, 1440, 20_000))
        hours = rng.choice(
            (6, 24, 24, 48, 72, 72, 80, 96, 168)
            if policy not in ZONES
            else (1, 3, 4, 8, 12, 13, 24, 48, 72, 400)
        )
        at = begin + MINUTE * (hours * 60 + rng.choice((-1, 0, 0, 1)))
        outages.append([each.isoformat(timespec="minutes") for each in (begin, at)])
    fee = rng.choice(("2620.00", "2400.00", "1999.99"))
    faults = [
        [each.isoformat(timespec="minutes") for each in _fault(rng, since)]
        for _ in range(rng.randrange(3))
    ]
    once = {(each[0], each[1]): each for each in acts}.values()
    found = season(
        policy, id=seed, acts=list(once), outages=outages, season_fee=fee, user_faults=faults
    )
    return with_consent(with_claims(found)) if policy in (LIAONING, DALIAN) else found


#: Around the limit to claim, the season's end, and the begin of another season.
CLAIMS = (
    "2025-03-31T23:59", "2025-04-30T23:59", "2025-05-01T00:00", "2025-09-01T10:00",
    "2025-10-31T23:59", "2025-11-01T00:00",
)  # fmt: skip


def with_claims(found: Scenario) -> Scenario:
    """The season with a claim mostly in time, else around what decides it, or without any."""
    rng = random.Random(f"{found['id']} claims")
    if rng.random() < 0.5:
        return found
    at = [
        datetime.fromisoformat(text) + MINUTE * rng.choice((-1, 0, 1)) for text, *_ in found["acts"]
    ]
    near = [*CLAIMS, *(each.isoformat(timespec="minutes") for each in at)]
    return found | {
        "requests": sorted(rng.sample(near, rng.choice((0, 1, 1, 2, 3)) if near else 0))
    }


def with_ends(found: Scenario) -> Scenario:
    """The season with outages often from about its first instant on, or to about its last."""
    rng = random.Random(f"{found['id']} ends")
    since, until = found["season"]
    first, last = (datetime.fromisoformat(text) for text in found["season"])
    outages = [list(each) for each in found["outages"] if since < each[0] and each[1] < until]
    if rng.random() < 0.6:
        begin = first + MINUTE * rng.choice((-1440, -1, 0, 0, 1))
        ends = [begin + MINUTE * rng.choice((1, 1439, 1440, 1441, 14_400))]
        ends += [datetime.fromisoformat(each[0]) for each in outages[:1]]
        outages.insert(0, [each.isoformat(timespec="minutes") for each in (begin, min(ends))])
    if rng.random() < 0.4:
        end = last + MINUTE * rng.choice((-1, 0, 0, 1, 1440))
        begin = last - MINUTE * rng.choice((60, 1439, 1440, 1441, 2880))
        outages = [each for each in outages if each[1] < begin.isoformat(timespec="minutes")]
        outages.append([each.isoformat(timespec="minutes") for each in (begin, end)])
    return found | {"outages": [each for each in outages if each[0] < each[1]]}


def _fault(rng: random.Random, since: datetime) -> tuple[datetime, datetime]:
    """A user's fault of minutes to days, often to a midnight or from one."""
    begin = since + timedelta(days=rng.randrange(-2, 60), minutes=rng.choice((0, 1, 600, 1439)))
    return begin, begin + MINUTE * rng.choice((1, 60, 839, 840, 1440, 5 * 1440))
