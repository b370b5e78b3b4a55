"""Policy files of an older form under the keys of today: runs keep theirs for good."""

from typing import Any

from analytics.law.interpretations import FORMER
from domain.language import Text, msg

#: Tables that belonged to the policy as a whole, when two calculators were all there were.
DAY_BAND = (
    "clock", "gate", "bands", "day", "exclude", "presumptions", "retest", "user_fault",
)  # fmt: skip
#: Keys whose only value decided nothing: (table, key); table "": of the policy.
SINGLE = (
    ("", "scope"), ("", "overlap"), ("gate", "mode"), ("day", "unit"), ("day", "band_from"),
    ("outage", "amount"), ("outage", "multiplier"),
)  # fmt: skip

#: (section of a reference, choice) -> the name of an interpretation.
NAMES = {
    ("7.2", "request_timestamp"): "clock-from-request",
    ("7.3", "natural"): "recovery-day-not-paid",
    ("7.3", "inclusive_end"): "recovery-day-paid",
    ("7.4", "three_states_held_60_min"): "compliance-held-60-minutes",
    ("7.5", "half_open_thousandths"): "exact-thousandths",
    ("7.6", "act_else_lowest_1h_mean"): "record-else-lowest-hour",
    ("7.1", "threshold"): "gate-is-condition",
    ("7.7", "five_inclusive"): "five-days-each-end",
    ("7.8", "proportional_from_first_hour"): "outage-from-first-hour",
    ("7.9", "held_60_min_else_chained"): "outage-ends-when-held",
    ("7.10", "outage_first_cap_100"): "outage-before-cold",
    ("7.11", "published_timestamps"): "days-from-published-instants",
    ("7.12", "once_per_line_half_up"): "one-rounding-per-line",
    ("7.13", "supplier_is_default"): "supplier-is-default-cause",
    ("7.13a", "day_with_fault_is_the_users"): "fault-day-is-the-users",
    ("7.20", "two_worlds_smaller_share"): "unknown-pays-the-smaller",
    ("7.20a", "lowest_act_of_the_episode"): "retest-takes-the-lowest",
    ("7.20b", "late_supplier_below_14"): "late-supplier-presumed-lowest",
}


def brought_up(data: dict[str, Any]) -> tuple[dict[str, Any], list[Text]]:
    """A policy file's content in the form of today, and a warning for each older key in it."""
    warnings: list[Text] = []
    if "readings" in data:
        data = _moved(data, "readings", "interpretations", warnings)
    if "outage" in data or "bands" in data:
        data = _with_tables(data, warnings)
    listed = data.get("interpretations")
    if isinstance(listed, list) and any(
        "choice" in each for each in listed if isinstance(each, dict)
    ):
        warnings.append(
            msg("an interpretation's 'key' and 'choice' are now its 'name'; read for one release")
        )
        start = data.get("day_band", {}).get("clock", {}).get("start")
        data = data | {"interpretations": [_named(each, start) for each in listed]}
    return data, warnings


def renamed(data: dict[str, Any]) -> tuple[dict[str, Any], list[Text]]:
    """Interpretations of texts that are read anew under the names of now, each with a warning.

    The file of a run keeps the names that its run was made under.
    """
    warnings: list[Text] = []
    listed = data.get("interpretations")
    if not isinstance(listed, list):
        return data, warnings
    new = []
    for each in listed:
        name = each.get("name") if isinstance(each, dict) else None
        if name in FORMER:
            warnings.append(
                msg(
                    "interpretation {old!r}: the text is read anew, as {new!r}; the old name is read "
                    "for one release",
                    old=name,
                    new=FORMER[name],
                )
            )
            new.append({**each, "name": FORMER[name]})
        else:
            new.append(each)
    return (data | {"interpretations": new}) if warnings else data, warnings


def _named(interpretation: Any, clock: Any) -> Any:
    if not isinstance(interpretation, dict) or "choice" not in interpretation:
        return interpretation
    new = {**interpretation}
    key, choice = (str(new.pop(name, "")) for name in ("key", "choice"))
    name = NAMES.get((key, choice), choice.replace("_", "-"))
    if name == "clock-from-request" and clock == "first_evidence":
        name = "clock-from-first-evidence"
    return {"name": name, **new}


def _moved(data: dict[str, Any], old: str, new: str, warnings: list[Text]) -> dict[str, Any]:
    warnings.append(
        msg("{old!r} is now called {new!r}; it is read for one release", old=old, new=new)
    )
    return {new if key == old else key: value for key, value in data.items()}


def _with_tables(data: dict[str, Any], warnings: list[Text]) -> dict[str, Any]:
    """From one level of tables to a table for each calculator."""
    warnings.append(
        msg(
            "'bands', 'clock', 'outage' and their like are now tables of their calculators "
            "('day_band.bands', 'outage_time'); read for one release"
        )
    )
    new = {key: dict(value) if isinstance(value, dict) else value for key, value in data.items()}
    for table, key in SINGLE:
        holder = new.get(table, {}) if table else new
        if isinstance(holder, dict):
            holder.pop(key, None)
    outage = new.pop("outage", None)
    if isinstance(outage, dict) and isinstance(new.get("sla"), dict):
        notice = outage.pop("notice_if_need_h", None)
        if notice is not None:
            new["sla"] |= {"outage_notice_h": notice, "outage_notice_clause": outage.get("clause")}
    cold = {key: new.pop(key) for key in DAY_BAND if key in new}
    if cold.get("retest", {}).get("value") == "lowest_act":
        cold["retest"]["value"] = "lowest_record"
    listed = new.get("calculators", ())
    own = {"day_band": cold, "outage_time": outage}
    return new | {name: each for name, each in own.items() if each and name in listed}
