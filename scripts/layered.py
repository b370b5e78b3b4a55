"""Boxes and arrows in layers: an arrow always points down, and as few as can be cross.

The usual four steps (Sugiyama et al. 1981): what follows from other arrows is left out, a node
stands one layer above the lowest that it points to, a long arrow gets a place in every layer it
passes, and layers are ordered until no change saves a crossing.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Edge = tuple[str, str]
Size = tuple[float, float]  # width, height [px]
MOST_ORDERS = 5040  # orders of one layer that are tried: seven in a row


@dataclass(slots=True)
class Drawing:
    """Where the boxes stand, and through which points each arrow goes. [px]"""

    width: float
    height: float
    corner: dict[str, tuple[float, float]]  # upper left
    paths: dict[Edge, list[tuple[float, float]]] = field(default_factory=dict)


def reduced(edges: Sequence[Edge]) -> list[Edge]:
    """Edges without those that a longer way says already; ValueError where they go in a circle."""
    levels(sorted({node for edge in edges for node in edge}), edges)

    def leads(start: str, end: str, without: Edge) -> bool:
        nexts = [b for a, b in edges if a == start and (a, b) != without]
        return end in nexts or any(leads(each, end, without) for each in nexts)

    return sorted(edge for edge in set(edges) if not leads(*edge, edge))


def levels(nodes: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """0 for what points to nothing, else one more than the highest it points to."""
    found: dict[str, int] = {}
    while len(found) < len(nodes):
        ready = {
            node: 1 + max((found[b] for a, b in edges if a == node), default=-1)
            for node in nodes
            if node not in found and all(b in found for a, b in edges if a == node)
        }
        if not ready:
            raise ValueError(f"a circle among {', '.join(n for n in nodes if n not in found)}")
        found |= ready
    return found


def _chains(edges: Sequence[Edge], level: Mapping[str, int]) -> dict[Edge, list[str]]:
    """Each edge as the nodes it goes through, one a layer; `a>b@2` is a place kept in layer 2."""
    return {
        (a, b): [a, *(f"{a}>{b}@{n}" for n in range(level[a] - 1, level[b], -1)), b]
        for a, b in edges
    }


def crossings(upper: Sequence[str], lower: Sequence[str], links: Sequence[Edge]) -> int:
    """How many links between two ordered layers cross."""
    ends = [(upper.index(a), lower.index(b)) for a, b in links if a in upper and b in lower]
    return sum((a - c) * (b - d) < 0 for (a, b), (c, d) in itertools.combinations(ends, 2))


def _cost(
    rows: Sequence[Sequence[str]], i: int, links: Sequence[Edge]
) -> Callable[[Sequence[str]], tuple[int, float]]:
    """What an order of a row costs: links that cross, then how far its nodes are from what they are linked to.

    Both are sums over pairs of nodes and over nodes, found once for all orders.
    """
    row, around = rows[i], [(rows[j], j < i) for j in (i - 1, i + 1) if 0 <= j < len(rows)]
    cross = {
        pair: sum(
            crossings(other, pair, links) if above else crossings(pair, other, links)
            for other, above in around
        )
        for pair in itertools.permutations(row, 2)
    }
    place = {node: n / len(other) for other, _ in around for n, node in enumerate(other)}
    ends = {
        node: [
            place[end]
            for a, b in links
            if node in (a, b) and (end := a if b == node else b) in place
        ]
        for node in row
    }
    pull = {
        (n, node): sum(abs(end - n / len(row)) for end in ends[node])
        for n in range(len(row))
        for node in row
    }

    def cost(order: Sequence[str]) -> tuple[int, float]:
        crossed = sum(map(cross.__getitem__, itertools.combinations(order, 2)))
        return crossed, round(sum(map(pull.__getitem__, enumerate(order))), 6)

    return cost


def ordered(rows: list[list[str]], links: Sequence[Edge]) -> list[list[str]]:
    """Rows, top down, in an order with few crossings; the same for the same input."""
    for _ in range(4):
        before = [list(row) for row in rows]
        for i in (*range(len(rows)), *reversed(range(len(rows)))):
            tried = itertools.islice(itertools.permutations(rows[i]), MOST_ORDERS)
            rows[i] = list(min(tried, key=_cost(rows, i, links)))
        if rows == before:
            break
    return rows


def layout(sizes: Mapping[str, Size], edges: Sequence[Edge], *, gap: float, drop: float) -> Drawing:
    """Places boxes of these sizes, `gap` [px] apart in a row and `drop` [px] between rows."""
    if not sizes:
        return Drawing(0.0, 0.0, {})
    kept = reduced(edges)
    level = levels(sorted(sizes), kept)
    chains = _chains(kept, level)
    box = dict(sizes) | {n: (gap, 0.0) for chain in chains.values() for n in chain[1:-1]}
    height = {n: level[n] if n in level else int(n.rpartition("@")[2]) for n in box}
    rows = [
        sorted(n for n in box if height[n] == each) for each in range(max(level.values()), -1, -1)
    ]
    links = sorted({link for chain in chains.values() for link in itertools.pairwise(chain)})
    return _placed(ordered(rows, links), box, chains, gap, drop)


def _placed(
    rows: list[list[str]],
    box: Mapping[str, Size],
    chains: Mapping[Edge, list[str]],
    gap: float,
    drop: float,
) -> Drawing:
    wide = [sum(box[n][0] for n in row) + gap * (len(row) - 1) for row in rows]
    drawing = Drawing(max(wide), 0.0, {})
    band: dict[str, tuple[float, float]] = {}  # top and bottom of a node's row
    for row, width in zip(rows, wide, strict=True):
        x, tall = (drawing.width - width) / 2, max(box[n][1] for n in row)
        for node in row:
            drawing.corner[node] = (x, drawing.height)
            band[node] = (drawing.height, drawing.height + tall)
            x += box[node][0] + gap
        drawing.height += tall + drop
    drawing.height -= drop
    for edge, chain in chains.items():
        drawing.paths[edge] = _path(chain, chains, drawing, box, band)
    drawing.corner = {n: at for n, at in drawing.corner.items() if "@" not in n}
    return drawing


def _path(
    chain: list[str],
    chains: Mapping[Edge, list[str]],
    drawing: Drawing,
    box: Mapping[str, Size],
    band: Mapping[str, tuple[float, float]],
) -> list[tuple[float, float]]:
    """From the lower side of the first box, straight through the rows it passes, to the last."""

    def middle(node: str) -> float:
        return drawing.corner[node][0] + box[node][0] / 2

    def port(node: str, others: list[str], other: str) -> float:
        """Arrows of one box leave it side by side, in the order of where they go."""
        rank = sorted(set(others), key=middle).index(other)
        return drawing.corner[node][0] + box[node][0] * (rank + 1) / (len(set(others)) + 1)

    leaving = [each[1] for each in chains.values() if each[0] == chain[0]]
    coming = [each[-2] for each in chains.values() if each[-1] == chain[-1]]
    start, end = chain[0], chain[-1]
    x = port(start, leaving, chain[1])
    points = [(x, drawing.corner[start][1] + box[start][1]), (x, band[start][1])]
    for node in chain[1:-1]:
        points += [(middle(node), band[node][0]), (middle(node), band[node][1])]
    return [*points, (port(end, coming, chain[-2]), drawing.corner[end][1])]
