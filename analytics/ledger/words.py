"""States of a settlement run as people read them."""

from sqlalchemy import Engine

from analytics.law.overlays import WhatIf
from analytics.ledger.drafts import Drafted
from analytics.ledger.frozen_inputs import Unkept, policy
from domain.language import Text, msg_in
from store.books.ledger import WHAT_IF

STATES = {
    "draft": msg_in("run", "draft"),
    "approved": msg_in("run", "approved"),
    "what_if": msg_in("run", "what-if"),
}


def state_words(state: str) -> Text | str:
    """The state of a run; one that is not known as it is kept."""
    return STATES.get(state, state)


def overlay_of(engine: Engine, run: Drafted) -> WhatIf | None:
    """The overlay that a run was made under; None: it was made under a policy as it stands."""
    if run.state != WHAT_IF:
        return None
    try:
        return policy(engine, run.policy_sha256).policy.what_if
    except Unkept:
        return None
