"""The words of the reports' pages; every template takes them by name."""

from domain.language import Text, msg, msg_in, plural

#: Without values: a page gives them when it says the sentence.
WORDS: dict[str, Text] = {
    "address": msg_in("report", "Address"),
    "approved": msg_in("report", "Approved in the ledger"),
    "as_of": msg_in("report", "data version {version}"),
    "availability_there": msg_in(
        "report", "data availability of the sensors that are there {percent}"
    ),
    "at_standard": msg_in("report", "Compliant"),
    "availability": msg_in("report", "Data availability"),
    "below": msg_in("report", "Below standard"),
    "by_day": msg_in("report", "Day by day"),
    "chart_title": msg_in("report", "Households by station"),
    "check": msg_in("report", "Digest of the content (SHA-256)"),
    "close": msg("back since {at} by the meters: close the record"),
    "coverage": msg_in("report", "Known share of time"),
    "coverage_of_all": msg_in("report", "Share of time with all covered rooms known"),
    "day": msg_in("report", "Day"),
    "days_below": msg_in("report", "Days below"),
    "days_covered": plural("{n} day of the season", "{n} days of the season", n=0),
    "degree_hours": msg_in("report", "Degree-hour deficit"),
    "drawn_stations": plural(
        "the {drawn} of {shown} station with the most homes below the standard; the table has all",
        "the {drawn} of {shown} stations with the most homes below the standard; the table has all",
        n=0,
    ),
    "due": msg_in("report", "due by {day}"),
    "filed_with": msg_in("report", "Filed with"),
    "home_days": msg_in("report", "Household-days"),
    "home_days_measured": plural(
        "Household-days measured, of {shown} household",
        "Household-days measured, of {shown} households",
        n=0,
    ),
    "hours_below": msg_in("report", "Hours below"),
    "hours_of_day": msg_in("report", "Hours this day"),
    "hours_of_days": msg_in("report", "Hours within"),
    "household": msg_in("report", "Household"),
    "households": msg_in("report", "Households"),
    "delivery_fault": msg(
        "Messages from {since} until {until} may be missing ({about}): {why}. What is missing counts as unknown."
    ),
    "delivery_goes_on": msg(
        "Messages since {since} may be missing, and it goes on ({about}): {why}. What is missing counts as unknown."
    ),
    "delivery_more": plural(
        "{shown} more time of which messages may be missing: heatwatch readings lost",
        "{shown} more times of which messages may be missing: heatwatch readings lost",
        n=0,
    ),
    "all_topics": msg_in("report", "all topics"),
    "uplinks": msg(
        "Uplinks of LoRaWAN devices ({devices}): {came} came, at most {missed} ({percent}) did not, by their frame counters."
    ),
    "uplinks_worst": msg_in("report", "Most were missed of"),
    "how": msg_in("report", "How this is worked out"),
    "how_home": msg(
        "A household counts by its worst covered room. It is below when the mean of any clock hour (at least 45 minutes known) is under the standard; otherwise it is at standard when at least {known} % of the day is known in each room, else undetermined. Missing is neither warm nor cold. The degree-hour deficit is the shortfall below the standard summed over time."
    ),
    "how_period": msg(
        "Every figure of the period is summed from the readings of its days, as the daily reports show them."
    ),
    "known_h": msg_in("report", "Hours with all rooms known"),
    "losses": msg(
        "Verified losses of supply without an outage record: {not_recorded}; recorded in part: {partly}. What is not recorded counts toward no refund."
    ),
    "lowest_hour": msg_in("report", "Lowest hourly mean"),
    "made_at": msg_in("report", "Made"),
    "measured": msg_in("report", "Households measured"),
    "n_households": plural("{shown} household", "{shown} households", n=0),
    "no": msg_in("report", "no"),
    "no_run": msg_in("report", "none yet"),
    "no_station": msg_in("report", "without station"),
    "none": msg_in("report", "none"),
    "nothing_measured": msg(
        "Nothing was measured: there is not one usable reading of these days. Every household is undetermined."
    ),
    "open_end": msg_in("report", "not restored"),
    "other_seasons": msg("the other days of the period are in the report of season {seasons}"),
    "or_later": msg("{day}, or later: the days off of that year were not published"),
    "outage_h": msg_in("report", "Outage hours"),
    "outages": msg_in("report", "Outages"),
    "place": msg_in("report", "Place"),
    "planned": msg_in("report", "Planned"),
    "policy": msg_in("report", "Rules applied"),
    "recorded": msg_in("report", "outage record"),
    "refund_households": msg_in("report", "Households with a sum in it"),
    "refund_total": msg_in("report", "Sum of the newest run"),
    "refund_undetermined": msg_in("report", "Households partly undetermined"),
    "refunds": msg_in("report", "Refunds"),
    "refused": msg_in("report", "Refused messages (received on these days)"),
    "replaces": plural(
        "This report takes the place of the one of data version {version}, made {at}: {shown} figure is another since.",
        "This report takes the place of the one of data version {version}, made {at}: {shown} figures are others since.",
        n=0,
    ),
    "refunds_due": msg("to be paid by"),
    "run": msg_in("report", "Newest run"),
    "run_approved": msg_in("report", "No. {run}, approved (data version {version})"),
    "run_draft": msg_in("report", "No. {run}, draft (data version {version})"),
    "season": msg_in("report", "Heating season"),
    "seen": msg_in("report", "meters only"),
    "share": msg_in("report", "At or above the standard"),
    "since": msg_in("report", "From"),
    "source": msg_in("report", "Source"),
    "standard": msg_in("report", "Room standard"),
    "not_of_act": msg_in("report", "for comparison; the act names no room temperature"),
    "station": msg_in("report", "Station"),
    "stations": msg_in("report", "Stations"),
    "summary": msg_in("report", "Overview"),
    "tasks_open": msg_in("report", "Open measurement tasks (of these overdue)"),
    "tasks_by_worker": msg(
        "Tasks open, and become overdue, while heatwatch run is running. What is missing all the same: heatwatch evidence open."
    ),
    "total": msg_in("report", "Total"),
    "unknown": msg_in("report", "Undetermined"),
    "undetermined_of": plural(
        "{shown} of {all} household-days undetermined",
        "{shown} of {all} household-days undetermined",
        n=0,
    ),
    "until": msg_in("report", "Until"),
    "with_deficit": msg_in("report", "Households with a deficit"),
    "worst": msg_in("report", "Largest deficits"),
    "yes": msg_in("report", "yes"),
}
