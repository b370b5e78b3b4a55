"""Samples that calculators bring for the contract, where no shipped policy shows what they pay.

A calculator's own test file may give `EXAMPLE`: a policy by id or path of its file, and the function
(seed, policy) -> facts that makes its seasons. One that no shipped policy lists must give it.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from analytics.law.calculators import CALCULATORS
from analytics.law.policy import shipped

Made = Callable[[int, str], dict[str, Any]]
Example = tuple[str, Made]


def _example_of(name: str) -> Example | None:
    module = f"tests.analytics.law.calculators.test_{name}"
    return getattr(import_module(module), "EXAMPLE", None) if find_spec(module) else None


EXAMPLES = {name: found for name in CALCULATORS if (found := _example_of(name)) is not None}
#: (calculator, policy): those that ship and list it, and its own sample.
CASES = list(
    dict.fromkeys(
        (
            *((name, example[0]) for name, example in EXAMPLES.items()),
            *(
                (name, each.policy.id)
                for name in CALCULATORS
                for each in shipped()
                if name in each.policy.calculators
            ),
        )
    )
)
#: (policy, what makes its seasons): those that ship with the seasons of tests, then the samples.
SAMPLES: list[tuple[str, Made | None]] = [
    *((each.policy.id, None) for each in shipped()),
    *EXAMPLES.values(),
]
