"""The template's small city has a row of each kind that an empty registry can take."""

from store.registry.examples import EXAMPLES
from store.registry.kinds import KINDS


def test_every_kind_has_examples_as_wide_as_its_sheet_but_objections_to_a_run() -> None:
    assert list(EXAMPLES) == [kind.name for kind in KINDS]
    assert [kind for kind, rows in EXAMPLES.items() if not rows] == ["objections"]
    for kind in KINDS:
        assert {len(row) for row in EXAMPLES[kind.name]} <= {len(kind.columns)}
