"""The version of the rules by which heatwatch computes beside what a policy says, and what each changed.

A run keeps the version that it was drafted under. Whoever makes a settlement come to something else on facts,
readings and a policy that are the same adds a row here.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from domain.language import Text, msg


class RuleChange(NamedTuple):
    """What is computed otherwise from a version on."""

    version: int
    what: Text
    calculators: frozenset[str] = frozenset()  # that are concerned; none: every one
    #: Steps that sheets have from then on, where nothing else is otherwise: no sum, hour or flag.
    steps: frozenset[str] = frozenset()


CHANGES: tuple[RuleChange, ...] = (
    RuleChange(1, msg("each of several payers of a household is judged once, on its whole fee")),
    RuleChange(
        2, msg("decisions on undetermined days: below pays the lowest band that it can mean"),
        frozenset({"day_band", "degree_hour"}),
    ),
    RuleChange(
        3, msg("decisions on undetermined time settle only the hours and rooms that they name"),
        frozenset({"day_band", "degree_hour"}),
    ),
    RuleChange(
        4, msg("where rooms are settled alone, only those that are owed something need their area"),
        frozenset({"day_band"}),
    ),
    RuleChange(
        5, msg("decisions settle how long an outage may last while nothing is known of the rooms"),
        frozenset({"hour_excess"}),
    ),
    RuleChange(
        6,
        msg("non-residential users are settled by their contract or are undetermined, never as dwellings"),
        frozenset({
            "day_band", "degree_hour", "month_mean", "non_compliance", "test_count", "tests_in_month",
        }),
    ),
    RuleChange(
        7, msg("refunds that the household must claim within a limit are paid where it did so"),
        frozenset({"tests_in_month"}),
    ),
    RuleChange(
        8, msg("an outage without an end comes to at most what the end pays that pays the most, with the cold beside it"),
        frozenset({"outage_time", "outage_day", "outage_multiple", "hour_excess", "flat_block"}),
    ),
    RuleChange(
        9, msg("requests, refusals, findings of fault and consents end when whoever they are of moves out"),
    ),
    RuleChange(
        10, msg("days of an outage of a cause that the act excuses pay nothing for cold"),
        frozenset({"day_band", "tests_in_month"}),
    ),
    RuleChange(
        11, msg("records of a day that a user's fault touches do not say how long an outage may last"),
        frozenset({"hour_excess"}),
    ),
    RuleChange(
        12, msg("the sheet says that hours below the standard are not refunded where nobody requested"),
        frozenset({"day_band", "degree_hour"}), frozenset({"no_request"}),
    ),
    RuleChange(
        13, msg("where tests pay nothing the reason says that they do not count, or that their days are refunded already"),
        frozenset({"test_count", "tests_in_month", "month_mean"}),
    ),
    RuleChange(
        14, msg("readings beside a fall or a leap of a heat meter say nothing, heat across a midnight is of both its days together, and a basic fee that is not recorded is not 0"),
        frozenset({"day_band", "outage_time"}),
    ),
    RuleChange(
        15, msg("where several things are open and none waits for a measurement the reason is the one with the most at stake"),
    ),
    RuleChange(
        16, msg("the sheet says that a rule of findings is silent on outages"),
        frozenset({"non_compliance"}), frozenset({"outage_not_in_rule"}),
    ),
    RuleChange(
        17, msg("a decision says what part of the fee an outage without a recorded end refunds, and not how long it lasted"),
        frozenset({"outage_unpaid"}),
    ),
    RuleChange(
        18, msg("a decision on a claim is about the whole sum where the fee changes among its days"),
        frozenset({"tests_in_month"}),
    ),
    RuleChange(
        19, msg("where terms change inside a season the band of a day is of the value as measured, a month's fee is of the days that were charged, and no line is cut by what its rule does not read"),
        frozenset({
            "day_band", "degree_hour", "hour_excess", "month_mean", "outage_day", "outage_multiple", "outage_time",
            "test_count", "tests_in_month",
        }),
    ),
    RuleChange(
        20, msg("where an amendment makes a length shorter inside a season, what lies behind it and is as long as the new value wants is paid"),
        frozenset({"day_band", "outage_time", "outage_day", "outage_multiple", "outage_elsewhere"}),
    ),
    RuleChange(
        21, msg("a late start and an early end are judged by the clause about them, however short they are"),
        frozenset({"outage_time", "outage_elsewhere"}),
    ),
    RuleChange(
        22, msg("an agreed temperature, bands or a price that the rule does not read change nothing where they come inside a season, and at least is no cent below what is paid over a change"),
        frozenset({"day_band", "outage_time"}),
    ),
    RuleChange(
        23, msg("of a home that is a dwelling for a part of the season only the rooms that the act names count on those days; in facts of a file every room of a non-residential user counts whose act leaves it to the contract"),
        frozenset({
            "day_band", "degree_hour", "hour_excess", "month_mean", "non_compliance", "test_count", "tests_in_month",
        }),
    ),
    RuleChange(
        24, msg("where the use changes inside a season a part of a month's fee is open that is of days of both uses, and records of days as no dwelling decide no sum of a dwelling's"),
        frozenset({"degree_hour", "month_mean", "non_compliance", "test_count", "tests_in_month"}),
    ),
    RuleChange(
        25, msg("at most of a metered household that can't be judged is by the fee of each day where it changes inside a season"),
        frozenset({"day_band"}),
    ),
    RuleChange(
        26, msg("the sheet says of which room no sensor reading is usable where each is settled by itself, and which failing record holds until a new measurement"),
        frozenset({"day_band"}), frozenset({"records_alone", "record_holds"}),
    ),
    RuleChange(
        27, msg("where rooms, terms or occupants of one household wait for different things the sheet says which days wait for what, and the reason is none of a measurement where no measurement settles them"),
    ),
    RuleChange(
        28, msg("heat that a meter counted over a midnight at which a subsidy changes pays each who bears the fee the smaller of what would be theirs"),
        frozenset({"day_band"}),
    ),
    RuleChange(
        29, msg("where an amendment refunds outages more often inside a season, time before it is refunded by the old multiple and time behind it by the higher one, also where all outages of the season sum up"),
        frozenset({"outage_multiple"}),
    ),
    RuleChange(
        30, msg("where the heated area changes inside a season, a room that is settled alone has its share of the fee by the area of the day"),
        frozenset({"day_band"}),
    ),
    RuleChange(
        31, msg("where the fee changes inside a season, sums of daily fees come to at most what was charged for the season, and not to as many days as it has; blocks of hours count on the day on which they are full"),
        frozenset({"block_days", "late_season", "test_count", "tests_in_month"}),
    ),
    RuleChange(
        32, msg("what is owed at least goes by the cents of each line as it is paid, also where who bears the fee cuts it"),
    ),
    RuleChange(
        33, msg("what is owed at least takes each undetermined day as what pays less, as decisions on single days may"),
        frozenset({"day_band"}),
    ),
    RuleChange(
        34, msg("time of one outage that several decisions settle by the same clause at the same share is one line, rounded once"),
        frozenset({"outage_elsewhere", "outage_unpaid"}),
    ),
    RuleChange(
        35, msg("where a room went up or down too fast and back, the readings beside it are compared without it, so that a single wrong reading does not let a longer wrong stretch count"),
    ),
    RuleChange(
        36, msg("a gap of telemetry that begins behind compliance is not settled as below by failing records inside it, however short the unknown before the first of them is"),
        frozenset({"block_days", "day_band"}),
    ),
    RuleChange(
        37, msg("unknown time that would come to no cent either way is not undetermined"),
        frozenset({"degree_hour"}),
    ),
)  # fmt: skip
VERSION = CHANGES[-1].version


def changed_since(version: int | None, calculators: Iterable[str]) -> Iterator[RuleChange]:
    """What is computed otherwise than under a version (None: from before it was kept), by calculators."""
    own = frozenset(calculators)
    for each in CHANGES:
        if each.version > (version or 0) and (not each.calculators or each.calculators & own):
            yield each
