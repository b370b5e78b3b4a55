"""Policy files of an older form under the keys of today: runs keep theirs for good."""

from typing import Any

#: Tables that belonged to the policy as a whole, when two calculators were all there were.
DAY_BAND = (
    "clock", "gate", "bands", "day", "exclude", "presumptions", "retest", "user_fault",
)  # fmt: skip
#: Keys whose only value decided nothing: (table, key); table "": of the policy.
SINGLE = (
    ("", "scope"), ("", "overlap"), ("gate", "mode"), ("day", "unit"), ("day", "band_from"),
    ("outage", "amount"), ("outage", "multiplier"),
)  # fmt: skip


def brought_up(data: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """A policy file's content in the form of today, and a warning for each older key in it."""
    warnings: list[str] = []
    if "readings" in data:
        data = _moved(data, "readings", "interpretations", warnings)
    if "outage" in data or "bands" in data:
        data = _with_tables(data, warnings)
    return data, warnings


def _moved(data: dict[str, Any], old: str, new: str, warnings: list[str]) -> dict[str, Any]:
    warnings.append(f"{old!r} is now called {new!r}; it is read for one release")
    return {new if key == old else key: value for key, value in data.items()}


def _with_tables(data: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
    """From one level of tables to a table for each calculator."""
    warnings.append(
        "'bands', 'clock', 'outage' and their like are now tables of their calculators "
        "('day_band.bands', 'outage_time'); read for one release"
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
