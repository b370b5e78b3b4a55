"""Words for what a simulated household's season comes to, and for the columns of a summary."""

from domain.language import Text, msg

ENDINGS = {
    "warm": msg("never known below the standard"),
    "warm_request": msg("requested while warm"),
    "warm_consent": msg("standing consent, never cold"),
    "cold_no_request": msg("cold, but no request"),
    "half_fee": msg("half of the fee, after a request"),
    "consent_half_fee": msg("half of the fee, by standing consent"),
    "free": msg("the whole fee"),
    "gate_missed": msg("below the standard, but not for long enough"),
    "undetermined": msg("undetermined because of a gap"),
    "outage_only": msg("outage without a request"),
    "outage_and_cold": msg("outage and cold"),
    "user_fault": msg("cold through the household's own fault"),
}
COLUMNS = {
    "households": msg("households"),
    "planned": msg("planned"),
    "settled": msg("settled"),
    "undetermined": msg("undetermined"),
    "as_planned": msg("as planned"),
    "injected": msg("injected"),
    "detected": msg("detected"),
    "missed": msg("missed"),
    "episodes": msg("alerts"),
    "false": msg("false"),
    "delay_median_min": msg("median delay [min]"),
    "delay_most_min": msg("longest delay [min]"),
}
FACTS = {
    "measured": msg("households measured"),
    "with_deficit": msg("households with degree-hours below the standard"),
    "run": msg("settlement run"),
    "what_if": msg("what-if"),
    "season": msg("season"),
    "drafted_by": msg("drafted by"),
    "policy": msg("policy"),
    "flush": msg("data version"),
    "households": msg("households settled"),
    "paid": msg("households with a refund"),
    "total": msg("total"),
    "currency": msg("currency"),
    "undetermined": msg("households undetermined"),
}


def ending_words(code: str) -> Text | str:
    """What a household's season comes to."""
    return ENDINGS.get(code, code)
