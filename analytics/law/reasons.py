"""Why a household gets what it gets: reasons that are nobody's own; a calculator has more."""

from dataclasses import dataclass, field

from domain.language import Text, msg


@dataclass(frozen=True, slots=True)
class Reason:
    """Code in books and JSON, and what a resident reads."""

    code: str
    text: Text = field(hash=False)
    weak: bool = False  # there was nothing to judge: any other calculator's reason says more


PAID = Reason("paid", msg("a refund is due"))
#: What a resident reads instead under a what-if.
WOULD_BE_PAID = msg("a refund would be due, were this the act")
UNDETERMINED = Reason(
    "undetermined",
    msg(
        "part of it can't be decided from the data; in the season a measurement settles it, later "
        "a decision"
    ),
)
STILL_COLD = Reason("still_cold", msg("still cold while the season runs; the rest is open"))
NO_REQUEST = Reason("no_request", msg("no request and no standing consent"), weak=True)
NO_OUTAGE = Reason("no_outage", msg("no outage is recorded"), weak=True)
OUTAGE_LEFT_OUT = Reason(
    "outage_left_out", msg("the act pays nothing for outages announced like this, or of this cause")
)
OUTAGE_TOO_SHORT = Reason("outage_too_short", msg("the outage was not long enough"))
OUTAGE_IN_SEASON = Reason("outage_in_season", msg("no outage was at the season's begin or end"))
DAYS_PAID = Reason("days_paid", msg("the fee of these days is refunded already"))
NO_FEE = Reason("no_fee", msg("no fee was charged that could be refunded"))
USER_FAULT = Reason("user_fault", msg("the household caused the cold"))
NO_PAID_DAY = Reason("no_paid_day", msg("no local day is left to be paid"))
NOT_CHARGED = Reason("not_charged", msg("no fee was charged for these days"))
AREAS_MISSING = Reason(
    "areas_missing", msg("areas of the rooms or of the dwelling are not recorded, or do not fit")
)
OUTAGE_BY_OTHER_RULES = Reason(
    "outage_by_other_rules", msg("an outage is refunded by rules that were not seen")
)
OUTAGE_CLAUSE_NOT_SEEN = Reason(
    "outage_clause_not_seen",
    msg("the act's clause on outages was not seen; a recorded decision settles what they pay"),
)
OUTAGE_NOT_PAID = Reason("outage_not_paid", msg("this act pays nothing for outages"))
OUTAGE_NOT_REFUNDED = Reason(
    "outage_not_refunded", msg("a recorded decision refunds nothing for the outage")
)
OUTAGE_WITHOUT_END = Reason(
    "outage_without_end", msg("an outage has no recorded end, and no meter shows one")
)
TERMS_MISSING = Reason("terms_missing", msg("the contract's terms of the refund are not recorded"))
USE_CHANGED = Reason(
    "use_changed",
    msg(
        "what the rooms are used for changes inside the season, and the sum is of days of both uses"
    ),
)
NOT_OF_DWELLINGS = Reason(
    "not_of_dwellings",
    msg("the act's standard is of dwellings, and it does not say what other users are owed"),
)
NOT_CLAIMED = Reason("not_claimed", msg("no claim of the household for its refund is on record"))
CLAIMED_LATE = Reason("claimed_late", msg("the household claimed its refund too late"))
BASIC_FEE_MISSING = Reason("basic_fee_missing", msg("the contract's basic fee is not recorded"))
METER_SILENT = Reason(
    "meter_silent", msg("the heat meter's readings do not say what it counted on these days")
)
METER_AMBIGUOUS = Reason(
    "meter_ambiguous",
    msg("the heat meter has several registers, and which of them is billed is not recorded"),
)
NO_HEAT_COUNTED = Reason(
    "no_heat_counted", msg("the heat meter counted nothing on the days that were cold")
)
REMAINDER_OPEN = Reason(
    "remainder_open", msg("the act does not say what less than 24 hours at the end pay")
)
RECURRENCE_OPEN = Reason(
    "recurrence_open",
    msg("the act does not say how soon a cold must recur to be refunded for all the time"),
)
NON_COMPLIANT = Reason("non_compliant", msg("findings of non-compliance"))
LIMIT_OPEN = Reason(
    "limit_open", msg("no finding; at times it is not known whether the rooms were warm enough")
)
#: Of a household that the run before has: it has no result, and nothing is owed to it any more.
NO_CONTRACT = Reason("no_contract", msg("the household has no contract of this season any more"))
#: Why a part is undetermined though no measurement could tell it.
NOT_BY_MEASUREMENT = (
    STILL_COLD, AREAS_MISSING, OUTAGE_BY_OTHER_RULES, OUTAGE_CLAUSE_NOT_SEEN, OUTAGE_WITHOUT_END,
    TERMS_MISSING, NOT_OF_DWELLINGS, BASIC_FEE_MISSING, METER_SILENT, METER_AMBIGUOUS, REMAINDER_OPEN, RECURRENCE_OPEN, NON_COMPLIANT,
    LIMIT_OPEN, NOT_CLAIMED, USE_CHANGED,
)  # fmt: skip
COMMON = (
    PAID, UNDETERMINED, STILL_COLD, NO_FEE, NOT_CHARGED, AREAS_MISSING, OUTAGE_WITHOUT_END, TERMS_MISSING,
    NOT_OF_DWELLINGS, BASIC_FEE_MISSING, METER_SILENT, METER_AMBIGUOUS, REMAINDER_OPEN, RECURRENCE_OPEN, OUTAGE_LEFT_OUT,
    NOT_CLAIMED,
    CLAIMED_LATE, USE_CHANGED, NO_CONTRACT,
)  # fmt: skip
