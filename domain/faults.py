"""What a model finds wrong with a value, as a sentence of ours: the value, what is allowed, what was meant.

The library that checks the models speaks English to programmers; people read these sentences
instead, in their language. A check of our own raises `ValueError(msg(...))` and speaks for itself.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Any, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt

from domain.language import SHOWN, Text, joined, msg
from domain.nearest import AMONG_KEYS, nearest

_TEXT = msg("must be text")
_WHOLE = msg("must be a whole number")
_NUMBER = msg("must be a number")
_TRUTH = msg("must be true or false")
_LIST = msg("must be a list")
_TABLE = msg("must be a table")
_DAY = msg("not a day; expected one like 2025-01-10")
_TIME = msg("not a time; expected one like 2025-01-10T08:00:00+08:00")
_PAST = msg("must be in the past")
_FUTURE = msg("must be in the future")
_CLOCK = msg("not a time of day; expected one like 08:00")
_LENGTH = msg("not a length of time; expected one like PT1H30M")
_URL = msg("not a web address; expected one like https://example.org/")
_UUID = msg("not a UUID; expected one like 6b1c0a53-91f2-4d0e-8a57-0d3f6a2b9c41")
_FRACTION = msg("not a share; expected one like 1/2 or 0.5")
_ENTRIES = msg("at most {max_length} entries are allowed")
_OUTSIDE = msg("out of range")

#: What is found wrong -> our sentence, with the values of the finding.
SENTENCES: Mapping[str, Text] = MappingProxyType(
    {
        "extra_forbidden": msg("this key is not known"),
        "missing": msg("this key is needed"),
        "string_type": _TEXT,
        "string_unicode": _TEXT,
        "string_too_short": msg("at least {min_length} characters are needed"),
        "string_too_long": msg("at most {max_length} characters are allowed"),
        "int_type": _WHOLE,
        "int_parsing": _WHOLE,
        "int_from_float": msg("must be a whole number, without a fraction"),
        "int_parsing_size": _OUTSIDE,
        "float_type": _NUMBER,
        "float_parsing": _NUMBER,
        "decimal_type": _NUMBER,
        "decimal_parsing": _NUMBER,
        "finite_number": msg("must be a finite number"),
        "bool_type": _TRUTH,
        "bool_parsing": _TRUTH,
        "list_type": _LIST,
        "tuple_type": _LIST,
        "set_type": _LIST,
        "too_short": msg("at least {min_length} entries are needed"),
        "too_long": _ENTRIES,
        "dict_type": _TABLE,
        "model_type": _TABLE,
        "model_attributes_type": _TABLE,
        "dataclass_type": _TABLE,
        "greater_than": msg("must be above {gt:g}"),
        "greater_than_equal": msg("must be at least {ge:g}"),
        "less_than": msg("must be below {lt:g}"),
        "less_than_equal": msg("must be at most {le:g}"),
        "multiple_of": msg("allowed: a multiple of {multiple_of}"),
        "decimal_max_digits": msg("too many digits; allowed: at most {max_digits}"),
        "decimal_max_places": msg(
            "too many digits behind the point; allowed: at most {decimal_places}"
        ),
        "decimal_whole_digits": msg(
            "too many digits before the point; allowed: at most {whole_digits}"
        ),
        "string_pattern_mismatch": msg("not of this form; allowed: {pattern}"),
        "string_not_ascii": msg("allowed: ASCII characters only"),
        "bytes_too_short": msg("at least {min_length} bytes are needed"),
        "bytes_too_long": msg("at most {max_length} bytes are allowed"),
        "fraction_type": _FRACTION,
        "fraction_parsing": _FRACTION,
        "set_item_not_hashable": msg("must be a list of texts or numbers"),
        "none_required": msg("must not be set"),
        "union_tag_invalid": msg("{discriminator}: {tag} is not known; allowed: {expected_tags}"),
        "union_tag_not_found": msg("the key {discriminator} is needed"),
        "date_past": _PAST,
        "date_future": _FUTURE,
        "datetime_past": _PAST,
        "datetime_future": _FUTURE,
        "timezone_naive": msg("must have no offset, as in 2025-01-10T08:00:00"),
        "timezone_offset": msg("must have the offset of {tz_expected} seconds"),
        "time_type": _CLOCK,
        "time_parsing": _CLOCK,
        "time_delta_type": _LENGTH,
        "time_delta_parsing": _LENGTH,
        "url_type": _URL,
        "url_parsing": _URL,
        "url_syntax_violation": _URL,
        "url_too_long": msg("at most {max_length} characters are allowed"),
        "url_scheme": msg("not such an address; allowed to begin with: {expected_schemes}"),
        "uuid_type": _UUID,
        "uuid_parsing": _UUID,
        "uuid_version": msg("must be a UUID of version {expected_version}"),
        "mapping_type": _TABLE,
        "invalid_key": msg("keys must be text"),
        "frozen_set_type": _LIST,
        "deque_type": _LIST,
        "iterable_type": _LIST,
        "date_type": _DAY,
        "date_parsing": _DAY,
        "date_from_datetime_parsing": _DAY,
        "date_from_datetime_inexact": _DAY,
        "datetime_type": _TIME,
        "datetime_parsing": _TIME,
        "datetime_from_date_parsing": _TIME,
        "timezone_aware": msg("must have its offset, as in 2025-01-10T08:00:00+08:00"),
        "path_type": msg("must be the path of a file or folder"),
        "json_invalid": msg("not JSON: {error}"),
    }
)
#: A number that is none, or lies outside: its limits are said beside it.
_ENDS = frozenset(("greater_than", "greater_than_equal", "less_than", "less_than_equal"))
_NUMBERS = _ENDS | {
    kind
    for kind, text in SENTENCES.items()
    if text in (_WHOLE, _NUMBER, _OUTSIDE) or kind in {"int_from_float", "finite_number"}
}
_CHOICES = frozenset(("literal_error", "enum"))


def fault(error: Mapping[str, Any], model: Any) -> Text:
    """What is wrong, of one entry of a model's errors (`type`, `loc`, `ctx`); never the library's words."""
    kind, context = error["type"], error.get("ctx") or {}
    if kind in _CHOICES:
        choices = ", ".join(re.findall(r"'([^']*)'", context["expected"]))
        return msg("not known; allowed: {allowed}", allowed=choices)
    if kind == "extra_forbidden":
        return _no_such_key(error["loc"], model)
    limits = limits_of(error["loc"], model) if kind in _NUMBERS else None
    if limits is not None:
        wrong = _OUTSIDE if kind in _ENDS else SENTENCES[kind]
        return msg("{wrong}; allowed: {limits}", wrong=wrong, limits=limits)
    if kind in {"string_too_short", "too_short"} and context["min_length"] == 1:
        return msg("must not be empty")
    if kind in SENTENCES:
        return Text(SENTENCES[kind].message, {**context})
    return _own(context.get("error")) or msg("this value is not allowed")


def _own(raised: object) -> Text | None:
    """What a check of ours says; `str` for one that is in English only."""
    if not isinstance(raised, BaseException):
        return None
    first = raised.args[0] if raised.args else ""
    return first if isinstance(first, Text) else joined("", [str(raised)])


def _no_such_key(key: Sequence[str | int], model: Any) -> Text:
    """With the key of the same table that is written most like it, else with all that it has."""
    holder = _table_at(key[:-1], model)
    known = [] if holder is None else list(keys_of(holder))
    word = str(key[-1])
    begun = (each for each in known if word.startswith(each) or (word and each.startswith(word)))
    near = nearest(word, known, AMONG_KEYS) or next(begun, None)
    if near is not None:
        return msg("this key is not known; did you mean {near}?", near=near)
    if not known:
        return SENTENCES["extra_forbidden"]
    return msg("this key is not known; allowed: {allowed}", allowed=", ".join(known))


def keys_of(model: Any) -> Iterator[str]:
    """The keys of a table, as files write them."""
    for name, field in model.model_fields.items():
        yield field.alias or name


def _table_at(key: Sequence[str | int], model: Any) -> Any:
    """The model of the table that stands under `key`; None where there is none."""
    named = False  # the next part is a name that the file's author chose
    for part in key:
        if isinstance(part, int) or named:
            named = False
            continue
        field = model.model_fields.get(part)
        model = next(_models_in(field.annotation), None) if field is not None else None
        if model is None:
            return None
        named = get_origin(field.annotation) is dict
    return model


def field_of(key: Sequence[str | int], model: Any) -> Any:
    """What the models say of a key of the file; None where they don't know it."""
    names = [part for part in key if not isinstance(part, int)]
    holder = _table_at(names[:-1], model) if names else None
    return None if holder is None else holder.model_fields.get(names[-1])


def _models_in(annotation: Any) -> Iterator[Any]:
    """The tables that a key's value may hold: itself, optional, or in a list."""
    if isinstance(annotation, type) and hasattr(annotation, "model_fields"):
        yield annotation
    for each in get_args(annotation):
        yield from _models_in(each)


def limits_of(key: Sequence[str | int], model: Any) -> Text | None:
    """What a number may be, as the models say it; None where they don't."""
    field = field_of(key, model)
    ends = {type(each): each for each in field.metadata} if field is not None else {}
    low = next((ends[kind] for kind in (Ge, Gt) if kind in ends), None)
    high = next((ends[kind] for kind in (Le, Lt) if kind in ends), None)
    if low is None or high is None:
        return None
    least = f"{low.ge:g}" if isinstance(low, Ge) else f"{low.gt:g}"
    most = f"{high.le:g}" if isinstance(high, Le) else f"{high.lt:g}"
    return _SPANS[type(low), type(high)](least, most)


_SPANS: Mapping[tuple[type, type], Callable[[str, str], Text]] = MappingProxyType(
    {
        (Ge, Le): lambda low, high: msg("{low} to {high}", low=low, high=high),
        (Gt, Le): lambda low, high: msg("above {low} to {high}", low=low, high=high),
        (Ge, Lt): lambda low, high: msg("from {low} to below {high}", low=low, high=high),
        (Gt, Lt): lambda low, high: msg("above {low} and below {high}", low=low, high=high),
    }
)


def dotted(keys: Iterable[object]) -> str:
    """Keys from the outermost on; one that is empty as the file writes it.

    >>> dotted(["rooms", "", 3])
    'rooms."".3'
    """
    return ".".join(str(key) if key != "" else '""' for key in keys)


def as_written(value: object) -> str:
    """A wrong value as its file writes it, cut where it is long.

    >>> as_written(True), as_written([1.5, "a"])
    ('true', "[1.5, 'a']")
    """
    text = _written(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}... ({len(text):,} characters)"


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, Mapping):
        return "{...}"
    if isinstance(value, Enum):
        return _written(value.value)
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    if isinstance(value, Collection) and not isinstance(value, bytes):
        return f"[{', '.join(map(_written, value))}]"
    return str(value)


def shaped(pattern: str, wrong: Text) -> Callable[[str], str]:
    """A check of a text's form: ValueError says in words what the form is, with an example.

    >>> shaped("[0-9]+", msg("digits only, e.g. 86"))("86")
    '86'
    """
    form = re.compile(pattern)

    def check(text: str) -> str:
        if not form.fullmatch(text):
            raise ValueError(wrong)
        return text

    return check
