"""The words of the reports' pages; every template takes them by name."""

import re

from domain.language import Text, msg, msg_in, plural

#: Without values: a page gives them when it says the sentence.
WORDS: dict[str, Text] = {
    "address": msg_in("report", "Address"),
    "approved": msg_in("report", "Approved in the ledger"),
    "as_of": msg_in("report", "data version {version}"),
    "at_standard": msg_in("report", "Compliant"),
    "availability": msg_in("report", "Data availability"),
    "below": msg_in("report", "Below standard"),
    "by_day": msg_in("report", "Day by day"),
    "chart_count": msg_in("report", "homes"),
    "chart_title": msg_in("report", "Homes by station"),
    "check": msg_in("report", "Digest of the content (SHA-256)"),
    "close": msg("back since {at} by the meters: close the record"),
    "coverage": msg_in("report", "Known share of time"),
    "day": msg_in("report", "Day"),
    "days_below": msg_in("report", "Days below"),
    "days_covered": plural("{n} day of the season", "{n} days of the season", n=0),
    "degree_hours": msg_in("report", "Degree-hour deficit"),
    "draft": msg_in("report", "Newest draft"),
    "draft_line": msg_in("report", "No. {run} (data version {version})"),
    "due": msg_in("report", "due by {day}"),
    "filed_with": msg_in("report", "Filed with"),
    "home_days": msg_in("report", "Home-days"),
    "home_days_measured": plural(
        "Home-days measured, of {n} household", "Home-days measured, of {n} households", n=0
    ),
    "homes": plural("{n} home", "{n} homes", n=0),
    "hours_below": msg_in("report", "Hours below"),
    "hours_of_day": msg_in("report", "Hours this day"),
    "hours_of_days": msg_in("report", "Hours within"),
    "household": msg_in("report", "Household"),
    "households": msg_in("report", "Households"),
    "how": msg_in("report", "How this is worked out"),
    "how_home": msg(
        "A household counts by its worst covered room. It is below when the mean of any clock hour (at least 45 minutes known) is under the standard; otherwise it is at standard when at least {known} % of the day is known in each room, else undetermined. Missing is neither warm nor cold. The degree-hour deficit is the shortfall below the standard summed over time."
    ),
    "how_period": msg(
        "Every figure of the period is summed from the readings of its days, as the daily reports show them."
    ),
    "known_h": msg_in("report", "Known hours"),
    "losses": msg(
        "Verified losses of supply without an outage record: {not_recorded}; recorded in part: {partly}. What is not recorded counts toward no refund."
    ),
    "lowest_hour": msg_in("report", "Lowest hourly mean"),
    "made_at": msg_in("report", "Made at"),
    "measured": msg_in("report", "Measured"),
    "no": msg_in("report", "no"),
    "no_draft": msg_in("report", "no draft yet"),
    "no_station": msg_in("report", "without station"),
    "none": msg_in("report", "none"),
    "open_end": msg_in("report", "not restored"),
    "outage_h": msg_in("report", "Outage hours"),
    "outages": msg_in("report", "Outages"),
    "place": msg_in("report", "Place"),
    "planned": msg_in("report", "Planned"),
    "policy": msg_in("report", "Rules applied"),
    "recorded": msg_in("report", "outage record"),
    "refund_households": msg_in("report", "Households to be paid"),
    "refund_total": msg_in("report", "Sum to be paid"),
    "refund_undetermined": msg_in("report", "Households partly undetermined"),
    "refunds": msg_in("report", "Refunds"),
    "refused": msg_in("report", "Messages in quarantine (to date)"),
    "season": msg_in("report", "Heating season"),
    "seen": msg_in("report", "meters only"),
    "share": msg_in("report", "At or above the standard"),
    "since": msg_in("report", "From"),
    "source": msg_in("report", "Source"),
    "standard": msg_in("report", "Room standard"),
    "station": msg_in("report", "Station"),
    "stations": msg_in("report", "Stations"),
    "summary": msg_in("report", "Overview"),
    "tasks_open": msg_in("report", "Open measurement tasks (of these overdue)"),
    "total": msg_in("report", "Total"),
    "unknown": msg_in("report", "Undetermined"),
    "until": msg_in("report", "Until"),
    "with_deficit": msg_in("report", "Households with a deficit"),
    "worst": msg_in("report", "Largest deficits"),
    "yes": msg_in("report", "yes"),
}

_ARTICLES = re.compile(r"arts?\.? (\d+( ¶\d+)?(, \d+( ¶\d+)?)*)")


def clause_in(clause: str, language: str) -> str:
    """A policy's clause as people of a language cite it; what is no list of articles stays.

    >>> clause_in("art. 27 ¶1; arts 24, 30", "zh")
    '第27条第1款；第24条、第30条'
    >>> clause_in("art. 27 ¶2", "en")
    'art. 27 ¶2'
    """
    if language != "zh":
        return clause
    return "；".join(_articles_zh(part) for part in clause.split("; "))


def _articles_zh(part: str) -> str:
    found = _ARTICLES.fullmatch(part)
    if found is None:
        return part
    numbers = (each.partition(" ¶") for each in found[1].split(", "))
    return "、".join(f"第{art}条" + (f"第{para}款" if para else "") for art, _, para in numbers)
