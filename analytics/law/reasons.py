"""Why a household gets what it gets: reasons that are nobody's own; a calculator has more."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Code in books and JSON, and what a resident reads."""

    code: str
    zh: str
    en: str
    weak: bool = False  # there was nothing to judge: any other calculator's reason says more


PAID = Reason("paid", "应退费", "a refund is due")
UNDETERMINED = Reason(
    "undetermined",
    "数据不足，部分待定，需测温",
    "part of it can't be decided from the data; measure",
)
STILL_COLD = Reason(
    "still_cold",
    "室温仍不达标，采暖季未结束，部分待定",
    "still cold while the season runs; the rest is open",
)
NO_REQUEST = Reason(
    "no_request", "无申请且无长期授权", "no request and no standing consent", weak=True
)
NO_OUTAGE = Reason("no_outage", "无停热记录", "no outage is recorded", weak=True)
OUTAGE_TOO_SHORT = Reason(
    "outage_too_short", "停热时长未达规定", "the stop of supply was not long enough"
)
NO_FEE = Reason("no_fee", "无热费可退", "no fee was charged that could be refunded")
COMMON = (PAID, UNDETERMINED, STILL_COLD, NO_FEE)
