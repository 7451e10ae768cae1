"""The formula language: reading, writing, limits and what becomes of missing and inexact operands."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shaar.indicators.formulas import (
    Call,
    Negation,
    Node,
    Number,
    Operation,
    Reference,
    evaluate,
    parse,
    steps,
)
from shaar.indicators.formulas.syntax import LONGEST, write
from shaar.kernel.errors import Refusal
from shaar.kernel.quantities import Qualifier, Quantity

CODES = st.from_regex(r"[a-z][a-z0-9_]{0,5}(\.[a-z0-9_]{1,5}){0,2}", fullmatch=True)
NUMBERS = st.decimals(min_value=0, max_value=10**9, places=3).map(Number)


def deeper(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        nodes.map(Negation),
        st.builds(Operation, st.sampled_from("+-*/"), nodes, nodes),
        st.builds(
            Call, st.sampled_from(["min", "max", "sum"]), st.lists(nodes, min_size=1, max_size=3).map(tuple)
        ),
        st.builds(lambda a, b: Call("percent", (a, b)), nodes, nodes),
        st.builds(lambda a: Call("round", (a, Number(Decimal(2)))), nodes),
    )


TREES = st.recursive(st.one_of(NUMBERS, CODES.map(Reference)), deeper, max_leaves=12)


@given(TREES)
def test_a_written_formula_reads_back_as_the_same_tree(tree: Node) -> None:
    assert parse(write(tree)).root == tree


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Refusal):
        parse(text)


@given(
    TREES,
    st.one_of(
        st.none(),
        st.builds(
            Quantity,
            st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20),
        ),
        st.just(Quantity(Decimal(80), None, Qualifier.AT_LEAST)),
        st.just(Quantity(Decimal(-45), Decimal(50), Qualifier.RANGE)),
        st.just(Quantity(Decimal(12), None, Qualifier.APPROXIMATE)),
        st.just(Quantity(None, None, Qualifier.DISPUTED)),
    ),
)
def test_evaluation_gives_a_quantity_or_is_refused(tree: Node, operand: Quantity | None) -> None:
    with suppress(Refusal):
        found = evaluate(parse(write(tree)), lambda _code: operand)
        assert found is None or found.value is None or found.value.is_finite()


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("a +", 4),
        ("a + * b", 5),
        ("(a + b", 7),
        ("a b", 3),
        ("a ! b", 3),
        ("eval(a)", 1),
        ("percent(a)", 1),
        ("round(a, b)", 1),
        ("", 1),
    ],
)
def test_a_mistake_is_told_by_its_column(text: str, column: int) -> None:
    with pytest.raises(Refusal) as told:
        parse(text)
    assert told.value.code == "malformed_formula"
    assert f"{column}" in str(told.value.message)


def test_long_and_deep_formulas_are_refused() -> None:
    for text in (
        "1+" * LONGEST,
        "(" * 500 + "1" + ")" * 500,
        "-" * 500 + "1",
        "min(" * 300 + "1" + ")" * 300,
    ):
        with pytest.raises(Refusal):
            parse(text)


def test_operators_bind_as_in_arithmetic() -> None:
    known = {"a": Quantity(Decimal(10)), "b": Quantity(Decimal(4))}
    assert evaluate(parse("a - b - 1"), known.get) == Quantity(Decimal(5))
    assert evaluate(parse("a + b * 2"), known.get) == Quantity(Decimal(18))
    assert evaluate(parse("-(a - b) / 2"), known.get) == Quantity(Decimal(-3))
    assert evaluate(parse("round(percent(b, a) / 3, 1)"), known.get) == Quantity(Decimal("13.3"))
    assert evaluate(parse("sum(a, b, 1) + min(a, b) + max(a, b)"), known.get) == Quantity(Decimal(29))


def test_a_missing_operand_makes_the_result_missing() -> None:
    assert evaluate(parse("a + b"), {"a": Quantity(Decimal(1))}.get) is None
    assert evaluate(parse("sum(a, b)"), {"a": Quantity(Decimal(1))}.get) is None


def test_steps_are_told_in_the_order_of_reckoning() -> None:
    known = {"a": Quantity(Decimal(10)), "b": Quantity(Decimal(4))}
    told = [(step.expression, step.quantity) for step in steps(parse("a / (a - b)"), known.get)]
    assert [expression for expression, _quantity in told] == ["a", "b", "(a - b)", "(a / (a - b))"]
    assert told[2][1] == Quantity(Decimal(6))


def test_qualifiers_go_through_formulas() -> None:
    def reckoned(text: str, **operands: Quantity) -> Quantity | None:
        return evaluate(parse(text), operands.get)

    more = Quantity(Decimal(80), None, Qualifier.AT_LEAST)
    between = Quantity(Decimal(45), Decimal(50), Qualifier.RANGE)
    exact = Quantity(Decimal(10))
    disputed = Quantity(None, None, Qualifier.DISPUTED, "1 1684")
    assert reckoned("a + b", a=more, b=exact) == Quantity(Decimal(90), None, Qualifier.AT_LEAST)
    assert reckoned("a + b", a=between, b=between) == Quantity(Decimal(90), Decimal(100), Qualifier.RANGE)
    assert reckoned("b - a", a=between, b=exact) == Quantity(Decimal(-40), Decimal(-35), Qualifier.RANGE)
    assert reckoned("a / b", a=more, b=exact) == Quantity(Decimal(8), None, Qualifier.AT_LEAST)
    found = reckoned("a + b", a=disputed, b=exact)
    assert found is not None
    assert found.qualifier is Qualifier.DISPUTED
    with pytest.raises(Refusal) as told:
        reckoned("a / (b - 10)", a=more, b=exact)
    assert told.value.code == "division_by_zero"
