"""Days that are excused because it was colder outdoors than the design temperature."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from analytics.facts.facts_file import from_facts
from analytics.facts.season_days import SeasonDays
from analytics.law.cold_days.outdoor import excused_days
from domain.quality import Quality
from tests.analytics.cities import source
from tests.analytics.facts import facts
from tests.analytics.law.cold_days.test_samples import GOOD, HENAN, Row, columns


def test_an_unusable_outdoor_reading_ends_what_the_station_said() -> None:
    """Hourly below design, but each is followed by a sentinel: half the day is known."""
    own = from_facts(facts(HENAN, {"bedroom": []}), HENAN).snapshot
    season = replace(own.season, design_outdoor="-5")
    snapshot = replace(
        own, season=season, outdoor=np.array([1]), outdoor_interval_s=np.array([3600])
    )
    hours = [(f"{h:02d}:00", -9_000, GOOD) for h in range(24)]
    broken = [
        row for h in range(24) for row in (hours[h], (f"{h:02d}:30", 0, Quality.DEVICE_ERROR))
    ]
    days = SeasonDays.of(season)

    def excused(rows: Sequence[Row]) -> list[str]:
        found = excused_days(snapshot, source(columns(rows)), days)
        return [str(days.days[i]) for i in found.tolist()]

    assert excused(hours) == ["2025-01-10"]
    assert excused(broken) == []
