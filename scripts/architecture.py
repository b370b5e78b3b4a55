"""Draws the rooms, their floors and what imports what, from the code as it stands.

usage: scripts/architecture.py [--check]

Writes `docs/architecture.svg`. An arrow is an import; one that follows from others is left out
(who imports `store` may import `domain`). With --check nothing is written; exit is 1 where the
picture is not of today's imports.
"""

import ast
import itertools
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

if __package__ in {None, ""}:  # called as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.layered import Drawing, Edge, layout

ROOT = Path(__file__).resolve().parents[1]
PICTURE = "docs/architecture.svg"
ROOMS = (
    "heatwatch", "dashboards", "reports", "alerts", "cases",
    "analytics", "ingest", "store", "domain", "simulators",
)  # fmt: skip
LETTER, FLOOR, HEAD, PAD = 6.4, 22.0, 40.0, 12.0  # a letter's width, heights, the inner margin [px]
STYLE = """
text { font: 12px "DejaVu Sans", Verdana, sans-serif; fill: #1d2733 }
.name { font-size: 15px; font-weight: bold }
.job { font-size: 10px; fill: #5b6774 }
.room { fill: #f4f7fa; stroke: #8397ab; stroke-width: 1.2 }
.floor { fill: #fff; stroke: #b6c3cf }
path { fill: none; stroke: #6d8296; stroke-width: 1.1; marker-end: url(#tip) }
.rooms path { stroke: #2f6690; stroke-width: 1.8 }
""".strip()
TIP = (
    '<marker id="tip" viewBox="0 0 8 8" refX="7.4" refY="4" markerWidth="7" markerHeight="7" '
    'orient="auto"><path d="M0 0L8 4L0 8z" style="fill:#4a6b87;stroke:none;marker-end:none"/></marker>'
)


@dataclass(frozen=True, slots=True)
class Room:
    """One package: what it is for, its floors, and what imports what."""

    name: str
    job: str
    floors: tuple[str, ...]
    imports: tuple[Edge, ...]  # between floors
    rooms: tuple[str, ...]  # other rooms it imports


def read_room(root: Path, name: str) -> Room:
    """A room as its files say."""
    files = [
        p
        for p in sorted((root / name).rglob("*.py"))
        if p.parent != root / name or p.stem != "__init__"
    ]
    floors, inside, outside = set(), set(), set()
    for path in files:
        floor = path.relative_to(root / name).with_suffix("").parts[0]
        floors.add(floor)
        for target in _imported(path.read_text("utf-8")):
            room, _, rest = target.partition(".")
            if room == name:
                inside.add((floor, rest.partition(".")[0]))
            elif room in ROOMS:
                outside.add(room)
    doc = ast.get_docstring(ast.parse((root / name / "__init__.py").read_text("utf-8"))) or ""
    edges = sorted((a, b) for a, b in inside if a != b and b in floors)
    return Room(
        name, doc.partition(".")[0], tuple(sorted(floors)), tuple(edges), tuple(sorted(outside))
    )


@cache
def _imported(text: str) -> tuple[str, ...]:
    """Modules and names, absolute: `from store import lake` is `store.lake`; tests ask for a file twice."""
    found: list[str] = []
    for node in _statements(ast.parse(text).body):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return tuple(found)


def _statements(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """All that stand in these, without expressions, which no import stands in."""
    for node in body:
        yield node
        for name in ("body", "handlers", "orelse", "finalbody", "cases"):
            inside = getattr(node, name, ())
            if isinstance(inside, list):  # not that of a lambda or a choice
                yield from _statements(inside)


# --- drawing --------------------------------------------------------------------------------


def _line(points: list[tuple[float, float]]) -> str:
    """Points as one path, each stretch an upright S."""
    parts = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        bend = (y0 + y1) / 2
        parts.append(f"C{x0:.1f} {bend:.1f} {x1:.1f} {bend:.1f} {x1:.1f} {y1:.1f}")
    return f'<path d="{"".join(parts)}"/>'


def _floors(room: Room) -> tuple[Drawing, list[str]]:
    sizes = {floor: (len(floor) * LETTER + 2 * PAD, FLOOR) for floor in room.floors}
    drawing = layout(sizes, room.imports, gap=10.0, drop=20.0)
    lines = [_line(points) for _, points in sorted(drawing.paths.items())]
    for floor, (x, y) in sorted(drawing.corner.items()):
        lines.append(
            f'<rect class="floor" rx="3" x="{x:.1f}" y="{y:.1f}" width="{sizes[floor][0]:.1f}" height="{FLOOR}"/>'
        )
        lines.append(
            f'<text x="{x + sizes[floor][0] / 2:.1f}" y="{y + 15:.1f}" text-anchor="middle">{escape(floor)}</text>'
        )
    return drawing, lines


def _room(room: Room) -> tuple[float, float, list[str]]:
    """Width, height and lines of a room's box with its floors, from its upper left corner."""
    drawing, lines = _floors(room)
    job = _wrapped(room.job, 34)
    words = max(len(room.name) * 9.5, *(len(line) * 5.4 for line in job))
    width = max(drawing.width, words) + 2 * PAD
    head = HEAD + 13 * (len(job) - 1)
    height = head + drawing.height + PAD
    out = [f'<rect class="room" rx="6" width="{width:.1f}" height="{height:.1f}"/>']
    out.append(f'<text class="name" x="{PAD}" y="19">{escape(room.name)}</text>')
    out += [
        f'<text class="job" x="{PAD}" y="{33 + 13 * i}">{escape(line)}</text>'
        for i, line in enumerate(job)
    ]
    out.append(f'<g transform="translate({(width - drawing.width) / 2:.1f} {head:.1f})">')
    return width, height, [*out, *lines, "</g>"]


def _wrapped(text: str, most: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= most and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def draw(rooms: Iterable[Room]) -> str:
    """The whole picture as SVG."""
    boxes = {room.name: (room, *_room(room)) for room in rooms}
    sizes = {name: (width, height) for name, (_, width, height, _) in boxes.items()}
    edges = [
        (name, other)
        for name, (room, *_) in boxes.items()
        for other in room.rooms
        if other in boxes
    ]
    drawing = layout(sizes, edges, gap=34.0, drop=34.0)
    width, height = drawing.width + 40, drawing.height + 40
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}">',
        f"<style>{STYLE}</style><defs>{TIP}</defs>",
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fff"/><g transform="translate(20 20)">',
    ]
    for name, (x, y) in sorted(drawing.corner.items()):
        out += [f'<g transform="translate({x:.1f} {y:.1f})">', *boxes[name][3], "</g>"]
    out += ['<g class="rooms">', *(_line(points) for _, points in sorted(drawing.paths.items()))]
    return "\n".join([*out, "</g></g></svg>", ""])


def picture(root: Path = ROOT) -> str:
    """The picture of the rooms under `root`."""
    return draw(read_room(root, name) for name in ROOMS if (root / name).is_dir())


def main(arguments: list[str]) -> int:
    today, path = picture(), ROOT / PICTURE
    if arguments == ["--check"]:
        fits = path.is_file() and path.read_text("utf-8") == today
        print(f"{PICTURE} is {'' if fits else 'not '}of today's imports")
        return 0 if fits else 1
    path.write_text(today, "utf-8")
    print(f"{PICTURE}: written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
