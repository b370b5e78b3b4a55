"""What keys that are not on record are answered with: looked up for all of them at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import tzinfo
from typing import NamedTuple

from sqlalchemy import Engine

from domain.errors import WrongCall
from domain.language import Text, msg
from domain.tree import Tree
from store.evidence.named import named_key
from store.evidence.recorded import (
    RECORDED_OF,
    ByMinute,
    code_in,
    near_keys,
    recorded,
    written_key,
)
from store.evidence.versions import State, Version, scope_of_codes, some_scope
from store.registry.kinds import Kind

SHOWN = 3  # keys on record that a wrong one is answered with
#: Wrong keys for which the one that was meant is looked for among all; others are answered by their own code.
MOST_MEANT = 20


class Missing(NamedTuple):
    """A key that is not current."""

    kind: Kind
    written: str  # by a person
    key: str  # as `Version.key` has it


def not_on_record(
    engine: Engine, network: Tree, zone: tzinfo, missing: Mapping[int, Missing]
) -> dict[int, Text]:
    """Why each is not there, by its number: it was withdrawn, or which it may be instead."""
    every = _History(engine, network, zone, missing.values())
    return {i: every.why(each) for i, each in missing.items()}


class _History:
    """Every version of the codes that the keys begin with."""

    def __init__(
        self, engine: Engine, network: Tree, zone: tzinfo, missing: Iterable[Missing]
    ) -> None:
        self._engine, self._network, self._zone = engine, network, zone
        self._left = MOST_MEANT
        self._some: dict[str, list[str]] = {}
        codes: dict[str, set[str]] = defaultdict(set)
        for each in missing:
            codes[each.kind.name].add(code_in(each.kind, each.key))
        found: list[Version] = []
        for name, wanted in codes.items():
            scope = scope_of_codes(engine, network, RECORDED_OF[name], wanted)
            found += recorded(engine, scope, zone, [name], every=True)
        self._every = ByMinute(found, zone)
        self._current: dict[tuple[str, str], list[Version]] = defaultdict(list)
        for version in found:
            if version.state is State.CURRENT:
                code = code_in(RECORDED_OF[version.kind], version.key)
                self._current[version.kind, code].append(version)

    def why(self, each: Missing) -> Text:
        kind, key = each.kind, each.key
        own = self._every.like(kind, each.written)
        with suppress(WrongCall):  # of several that were withdrawn none is meant
            key = named_key(kind, each.written, self._zone, own)
        for old in own:
            if old.key == key and old.state is State.WITHDRAWN and old.ended_at and old.ended_by:
                return msg(
                    "{kind} {key}: was withdrawn by {actor} at {at}: {reason}",
                    kind=kind.name, key=each.written, actor=old.ended_by.shown(), reason=old.end_reason,
                    at=f"{old.ended_at.astimezone(self._zone):%Y-%m-%d %H:%M}",
                )  # fmt: skip
        near = self._near(kind, key)
        return msg(
            "{kind} {key}: there is no such fact that is current; allowed: such as {near}",
            kind=kind.name, key=each.written, near=", ".join(near) or msg("none yet"),
        )  # fmt: skip

    def _near(self, kind: Kind, key: str) -> list[str]:
        if self._left:
            self._left -= 1
            return near_keys(self._engine, self._network, kind, key, self._zone, SHOWN)
        if current := self._current.get((kind.name, code_in(kind, key))):
            return [written_key(each, self._zone) for each in current[:SHOWN]]
        if kind.name not in self._some:
            scope = some_scope(self._engine, self._network, kind, SHOWN)
            found = recorded(self._engine, scope, self._zone, [kind.name])[:SHOWN]
            self._some[kind.name] = [written_key(each, self._zone) for each in found]
        return self._some[kind.name]
