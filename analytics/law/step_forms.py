"""Steps of one form: what they say is the same but for a few values, so their JSON is filled in."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Any

from analytics.law.steps import Step

#: One encoder for all: of hundreds of thousands of values.
to_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
#: What JSON does not write in a text as it is.
ESCAPED = re.compile(r'[\x00-\x1f"\\]')
#: Stands around the number of a value in a form; no text has it, it is of no script.
_EDGE = "\ue000"
_BLANK = re.compile(f"{_EDGE}(\\d+){_EDGE}")


class Json(str):
    """The JSON of one step, as `to_json` writes it."""

    __slots__ = ()


def blank(number: int) -> str:
    """What stands in a form for the value of this number."""
    return f"{_EDGE}{number}{_EDGE}"


class Form:
    """A step in which values are blank; all of them are strings.

    >>> form = Form({"step": "day", "numbers": {"first": blank(1), "celsius": blank(0)}})
    >>> form.filled(["17.5", "1 May"])
    {'step': 'day', 'numbers': {'first': '1 May', 'celsius': '17.5'}}
    >>> form.json(["17.5", "1 May"])
    '{"numbers": {"celsius": "17.5", "first": "1 May"}, "step": "day"}'
    """

    __slots__ = ("_in_order", "_step", "_written")

    def __init__(self, step: Step) -> None:
        self._step = step
        parts = _BLANK.split(to_json(step))  # text, number, text, ..., text
        order = [*map(int, parts[1::2])]
        self._in_order = itemgetter(*order) if len(order) > 1 else partial(_some, order)
        # `%` takes a third of the time of `format`, which reads its text anew at each call.
        self._written = "%s".join(each.replace("%", "%%") for each in parts[::2])

    def filled(self, values: Sequence[str]) -> Step:
        """The step with these values, by their numbers."""
        found: Step = _filled(self._step, {blank(i): each for i, each in enumerate(values)})
        return found

    def json(self, values: Sequence[str]) -> Json:
        """The JSON of that step, without making it."""
        if ESCAPED.search("".join(values)):
            values = [to_json(each)[1:-1] for each in values]
        return Json(self._written % self._in_order(values))


def _some(order: Sequence[int], values: Sequence[str]) -> tuple[str, ...]:
    return tuple(values[i] for i in order)


def _filled(node: Any, values: Mapping[str, str]) -> Any:
    if isinstance(node, dict):
        return {name: _filled(each, values) for name, each in node.items()}
    return values.get(node, node) if isinstance(node, str) else node
