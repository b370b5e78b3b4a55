"""Words of facts that money rests on: who bears a fee, and what a decision says."""

from decimal import Decimal

from domain.language import Text, msg

SEPARATOR = " / "  # of the parts of a row's key

#: States of a span of the fee in which its payer bears it, and those in which nobody is charged.
BEARING = ("charged", "moved_in", "sold")
ARRIVING = ("moved_in", "sold")  # the payer is another one than before
FEE_STATES = (*BEARING, "moved_out", "paused", "arrears")

BELOW, COMPLIANT = "below", "compliant"
OUTCOMES = (BELOW, COMPLIANT)  # what a decision takes undetermined days as
#: Temperatures that a decision may name. [Cel]
COLDEST, WARMEST = Decimal(-30), Decimal(30)
#: What a decision on an outage refunds: at most so many times the fee of its time, as no act that was read pays more.
MOST_SHARE = 2
DECIDED_BY = ("authority", "agreement", "presumption")

#: Whose an outage was: the supplier's, the household's own, a third party's (a municipal network, another
#: company's works), nobody's. All but the household's own are the supplier's unless a policy leaves them out.
OPERATOR, USER = "operator", "user"
OUTAGE_CAUSES = (OPERATOR, USER, "third_party", "force_majeure")
#: What people call them.
CAUSES: dict[str, Text] = {
    "operator": msg("the supplier"), "user": msg("the household itself"),
    "third_party": msg("a third party"), "force_majeure": msg("force majeure"),
}  # fmt: skip

OPEN, UPHELD, DISMISSED = "open", "upheld", "dismissed"
OBJECTION_STATES = (OPEN, UPHELD, DISMISSED)  # what became of an objection
