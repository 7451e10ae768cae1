"""The formula language of indicators: numbers, + - * / ( ), indicator codes, min max round sum percent(a, b).

A formula is read into a tree of frozen dataclasses and evaluated over decimal quantities; nothing is ever
handed to Python's own evaluation. A missing or disputed operand makes the result missing or disputed.
"""

from shaar.indicators.formulas.evaluation import Step, evaluate, steps
from shaar.indicators.formulas.syntax import (
    Call,
    Formula,
    Negation,
    Node,
    Number,
    Operation,
    Reference,
    parse,
)

__all__ = [
    "Call",
    "Formula",
    "Negation",
    "Node",
    "Number",
    "Operation",
    "Reference",
    "Step",
    "evaluate",
    "parse",
    "steps",
]
