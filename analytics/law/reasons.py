"""Why a household gets what it gets: a closed list, each with its words."""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Words:
    zh: str
    en: str


class Reason(Enum):
    """Code in books and JSON, and what a resident reads."""

    PAID = ("paid", Words("应退费", "a refund is due"))
    UNDETERMINED = (
        "undetermined",
        Words("数据不足，部分待定，需测温", "part of it can't be decided from the data; measure"),
    )
    STILL_COLD = (
        "still_cold",
        Words(
            "室温仍不达标，采暖季未结束，部分待定",
            "still cold while the season runs; the rest is open",
        ),
    )
    NO_REQUEST = (
        "no_request",
        Words("无申请且无长期授权", "no request and no standing consent"),
    )
    NOTHING_KNOWN = (
        "nothing_known",
        Words("无遥测也无测温记录", "neither telemetry nor a measurement act"),
    )
    NEVER_BELOW = ("never_below", Words("室温从未低于标准", "never below the standard"))
    NOT_AFTER_REQUEST = (
        "not_below_after_request",
        Words("申请后未再低于标准", "not below the standard at or after the request"),
    )
    GATE_MISSED = (
        "gate_missed",
        Words("连续不达标时长未达规定", "not below the standard for long enough in one run"),
    )
    USER_FAULT = ("user_fault", Words("低温由用户原因造成", "the household caused the cold"))
    EXCLUDED_DAYS = (
        "excluded_days",
        Words("不达标日均在首尾排除日内", "all days fall into the excluded days of the season"),
    )
    OUTDOOR_EXCUSED = (
        "outdoor_excused",
        Words("室外气温低于设计温度", "it was colder outdoors than the design temperature"),
    )
    USER_REFUSED = (
        "user_refused",
        Words("用户拒绝测温，当日视为达标", "the user refused the measurement: compliant that day"),
    )
    OUTAGE_TOO_SHORT = (
        "outage_too_short",
        Words("停热时长未达规定", "the stop of supply was not long enough"),
    )
    NO_PAID_DAY = (
        "no_paid_day",
        Words("没有可退费的自然日", "no local day is left to be paid"),
    )

    def __init__(self, code: str, words: Words) -> None:
        self.code = code
        self.words = words

    @classmethod
    def of(cls, code: str) -> "Reason":
        """The reason with this code; ValueError names what is allowed."""
        for each in cls:
            if each.code == code:
                return each
        raise ValueError(f"reason {code!r} is not known; allowed: {', '.join(r.code for r in cls)}")
