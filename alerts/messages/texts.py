"""What a message says: where, what with its numbers, since when, how many homes, what to do."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from alerts.channels import sms
from alerts.columns.feeds import METERS, SENSORS
from alerts.kinds import Kind

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Where:
    """A place as people call it."""

    label: str  # names from above down
    code: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What is told."""

    number: int  # of the episode
    kind: Kind
    where: Where
    opened_at: datetime
    evidence: dict[str, Any]
    cleared_at: datetime | None = None


#: (kind, reason or "") -> what happened and what to do; the fields are the evidence's.
ZH: dict[tuple[Kind, str], str] = {
    (Kind.LOW_ROOM_TEMPERATURE, ""): (
        "{where}：室温{celsius}℃，低于{standard_c}℃，自{since}，最低{lowest_c}℃。{address}请上门查看。"
    ),
    (Kind.MAKE_UP_LEAK, ""): (
        "{where}：疑似漏水，补水{make_up_m3_h}m³/h（平时{baseline_m3_h}，循环{circulation_m3_h}），"
        "自{since}已多补{lost_m3}m³。{address}请立即查漏。"
    ),
    (Kind.STATION_OUTAGE, ""): (
        "{where}：停热，流量{flow_m3_h}m³/h（平时{usual_m3_h}），供水{supply_c}℃，自{since}。"
        "影响{homes}户{children}。{address}请立即抢修。"
    ),
    (Kind.STATION_OUTAGE, "common_cause"): (
        "{where}：大面积停热，{stations}/{of}座换热站，自{since}。影响{homes}户{children}。"
        "请查热源和一次网。"
    ),
    (Kind.SILENT_SENSOR, ""): (
        "{where}：传感器无数据（{silent}/{of}），自{since}。{address}请检查供电和通信。"
    ),
    (Kind.SILENT_SENSOR, "unknown_values"): (
        "{where}：传感器只报故障值（{silent}/{of}），自{since}。{address}请检查传感器。"
    ),
    (Kind.SILENT_SENSOR, "nothing_at_all"): (
        "{where}：全部{of}个测点无数据，自{since}。涉及{homes}户。{address}请检查通信。"
    ),
    (Kind.SILENT_SENSOR, METERS): (
        "{where}：{stations}/{of}座换热站的仪表同时无数据，自{since}。疑似同一网关或数据通道中断，请检查。"
    ),
    (Kind.SILENT_SENSOR, SENSORS): (
        "{where}：{silent}个用户室温计同时无数据，自{since}。疑似同一网关或数据通道中断，请检查。"
    ),
}
EN: dict[tuple[Kind, str], str] = {
    (Kind.LOW_ROOM_TEMPERATURE, ""): (
        "{where}: room {celsius} C, below {standard_c} C since {since}, lowest {lowest_c} C. "
        "{address}Visit the home."
    ),
    (Kind.MAKE_UP_LEAK, ""): (
        "{where}: leak? Make-up {make_up_m3_h} m3/h (usual {baseline_m3_h}, circulation "
        "{circulation_m3_h}), {lost_m3} m3 lost since {since}. {address}Search and close now."
    ),
    (Kind.STATION_OUTAGE, ""): (
        "{where}: no heat. Flow {flow_m3_h} m3/h (usual {usual_m3_h}), supply {supply_c} C, since "
        "{since}. {homes} homes{children}. {address}Restore supply now."
    ),
    (Kind.STATION_OUTAGE, "common_cause"): (
        "{where}: {stations} of {of} stations without heat since {since}. {homes} homes{children}. "
        "Check heat source and primary network."
    ),
    (Kind.SILENT_SENSOR, ""): (
        "{where}: sensor silent ({silent} of {of}) since {since}. {address}Check power and radio."
    ),
    (Kind.SILENT_SENSOR, "unknown_values"): (
        "{where}: sensor reports errors only ({silent} of {of}) since {since}. {address}"
        "Check the sensor."
    ),
    (Kind.SILENT_SENSOR, "nothing_at_all"): (
        "{where}: nothing from all {of} points since {since}. {homes} homes. {address}"
        "Check the link."
    ),
    (Kind.SILENT_SENSOR, METERS): (
        "{where}: the meters of {stations} of {of} stations fell silent together, {since}. "
        "Likely one gateway or feed: check it."
    ),
    (Kind.SILENT_SENSOR, SENSORS): (
        "{where}: {silent} home sensors fell silent together, {since}. "
        "Likely one gateway or feed: check it."
    ),
}
SAYINGS: dict[Language, dict[tuple[Kind, str], str]] = {"zh": ZH, "en": EN}
NAMES: dict[Language, dict[Kind, str]] = {
    "zh": {
        Kind.LOW_ROOM_TEMPERATURE: "室温偏低",
        Kind.MAKE_UP_LEAK: "补水漏损",
        Kind.STATION_OUTAGE: "停热",
        Kind.SILENT_SENSOR: "传感器无数据",
    },
    "en": {
        Kind.LOW_ROOM_TEMPERATURE: "low room temperature",
        Kind.MAKE_UP_LEAK: "make-up water leak",
        Kind.STATION_OUTAGE: "station outage",
        Kind.SILENT_SENSOR: "silent sensor",
    },
}


def compose(event: Event, language: Language, zone: ZoneInfo, most_parts: int = 3) -> str:
    """The text of an event in at most `most_parts` short messages.

    What does not fit goes in this order: the address, the names (the code stays), the end.
    """
    where = event.where
    shorter = (
        where,
        replace(where, address=""),
        replace(where, address="", label=where.code),
    )
    texts = [_say(replace(event, where=each), language, zone) for each in shorter]
    fitting = (text for text in texts if sms.parts(text) <= most_parts)
    return next(fitting, None) or _cut(texts[-1], most_parts)


def _say(event: Event, language: Language, zone: ZoneInfo) -> str:
    sayings = SAYINGS[language]
    fields = _fields(event, language, zone)
    if event.cleared_at is not None:
        at = _local(event.cleared_at, zone)
        name = NAMES[language][event.kind]
        if language == "zh":
            return f"【供热】{fields['where']}：{name}已恢复，{at}。#{event.number}"
        return f"HEAT {fields['where']}: {name} over, {at}. #{event.number}"
    reason = str(event.evidence.get("reason", ""))
    saying = sayings.get((event.kind, reason)) or sayings[event.kind, ""]
    head = "【供热】" if language == "zh" else "HEAT "
    return f"{head}{saying.format_map(fields)}#{event.number}"


class _Fields(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


def _fields(event: Event, language: Language, zone: ZoneInfo) -> _Fields:
    evidence = {k: _plain(v) for k, v in event.evidence.items() if v is not None}
    children, address = event.evidence.get("children") or 0, event.where.address
    cold = (
        f"，其中{children}户室温已不达标" if language == "zh" else f", {children} already too cold"
    )
    end = "。" if language == "zh" else ". "
    since = event.evidence.get("since")
    began = datetime.fromisoformat(since) if since else event.opened_at
    return _Fields(
        {
            **evidence,
            "where": event.where.label,
            "address": f"{address}{end}" if address else "",
            "children": cold if children else "",
            "since": _local(began, zone),
        }
    )


def _plain(value: object) -> str:
    """Numbers without needless zeros; 18.000 is 18."""
    text = str(value)
    if "." in text and text.replace(".", "", 1).lstrip("-").isdigit():
        return text.rstrip("0").rstrip(".")
    return text


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%m-%d %H:%M")


def _cut(text: str, most_parts: int) -> str:
    while sms.parts(text) > most_parts:
        text = text[:-1]
    return text
