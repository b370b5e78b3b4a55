"""What steps say about how a cold spell ended and what made a day's share."""

from analytics.kernels import settlement_days as made
from analytics.kernels.settlement_episodes import FAULT, OPEN, RECORD, RECOVERED, SUPPOSED
from domain.language import msg

ENDED = {
    OPEN: msg("still below when the data or the season end"),
    RECOVERED: msg("recovered: compliance held 60 min"),
    SUPPOSED: msg("recovered where samples stopped, if the unknown was compliant"),
    RECORD: msg("recovered by a compliant measurement record"),
    FAULT: msg("ended by the day of a user's fault"),
}
#: What made a day's share.
MADE_BY = {
    made.HOUR_MEAN: msg("lowest one-hour mean"),
    made.PART_MEAN: msg("mean of what is known"),
    made.RECORD_OF_DAY: msg("measurement record of the day"),
    made.RECORD_BEFORE: msg("governed by the measurement record before"),
    made.RETEST: msg("re-test failed: lowest measurement record"),
    made.PRESUMED: msg("supplier late: presumed in the lowest band"),
    made.DEEMED: msg("supplier late: deemed failing, the band is open"),
    made.REFUSED: msg("user refused: compliant"),
    made.EXCLUDED: msg("excluded day of the season"),
    made.EXCUSED: msg("outdoors below the design temperature: excused"),
    made.BY_CAUSE: msg("day of an outage of a cause that excuses"),
    made.USER_FAULT: msg("user's fault"),
    made.UNKNOWN: msg("nothing known of it"),
    made.RECORD_AFTER: msg("governed by the first failing measurement record"),
    made.PASSED: msg("all measurement records passed"),
}
#: The same where a measurement is the mean of so many days.
MEAN_OF_DAYS = msg("mean of the days of a measurement")
#: Those that stand on one room at one instant, and of these those that begin there.
PLACED = frozenset(
    {made.HOUR_MEAN, made.PART_MEAN, made.RECORD_OF_DAY, made.RECORD_BEFORE, made.RECORD_AFTER}
)
BEGINNING = frozenset({made.HOUR_MEAN, made.PART_MEAN})
#: The same as codes, for JSON and for holding one run against another.
MADE_BY_CODE = {
    made.HOUR_MEAN: "hour_mean",
    made.PART_MEAN: "part_mean",
    made.RECORD_OF_DAY: "record_of_day",
    made.RECORD_BEFORE: "record_before",
    made.RETEST: "retest",
    made.PRESUMED: "presumed",
    made.DEEMED: "deemed",
    made.REFUSED: "refused",
    made.EXCLUDED: "excluded",
    made.EXCUSED: "excused",
    made.BY_CAUSE: "by_cause",
    made.USER_FAULT: "user_fault",
    made.UNKNOWN: "unknown",
    made.RECORD_AFTER: "record_after",
    made.PASSED: "passed",
}
