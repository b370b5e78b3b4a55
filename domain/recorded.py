"""Words of facts that money rests on: who bears a fee, and what a decision says."""

#: States of a span of the fee in which its payer bears it, and those in which nobody is charged.
BEARING = ("charged", "moved_in", "sold")
FEE_STATES = (*BEARING, "moved_out", "paused", "arrears")

BELOW, COMPLIANT = "below", "compliant"
OUTCOMES = (BELOW, COMPLIANT)  # what a decision takes undetermined days as
DECIDED_BY = ("authority", "agreement", "presumption")
