"""How a score came about: every step of every value of one unit, down from the index."""

from typing import Any

import numpy as np

from shaar.kernel.errors import Refusal
from shaar.ratings.scoring.scheme import Node, Scheme
from shaar.ratings.scoring.score import Scored


def explain(scored: Scored, unit: str) -> dict[str, Any]:
    """Return the tree of a unit's scores; Refusal `unknown_unit`.

    A node with children has `score`, `aggregate`, and its children with their `share` of the weight that was
    used: 0 for what is missing. An indicator has `raw` and each step that changed it, in order.
    """
    if unit not in scored.units:
        raise Refusal("unknown_unit", f"there is no unit {unit}")
    return _node(scored.scheme.index, scored.scheme, scored, scored.units.index(unit))


def _node(node: Node, scheme: Scheme, scored: Scored, at: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "code": node.code,
        "name": node.name,
        "score": _number(scored.scores[node.code][at]),
    }
    if not node.children:
        how = node.normalise or scheme.normalise
        stages = {name: _number(values[at]) for name, values in scored.stages[node.code].items()}
        return found | stages | {"direction": node.direction, "normalise": how.model_dump(exclude_none=True)}
    children = [_node(child, scheme, scored, at) for child in node.children]
    known = [
        child.weight if told["score"] is not None else 0.0
        for child, told in zip(node.children, children, strict=True)
    ]
    whole = sum(known)
    for child, told, weight in zip(node.children, children, known, strict=True):
        told |= {"weight": child.weight, "share": weight / whole if whole else 0.0}
    return found | {"aggregate": node.aggregate or scheme.aggregate, "children": children}


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
