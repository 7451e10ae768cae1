"""Quantities as people write them."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shaar.kernel.errors import Place, Refusal
from shaar.kernel.quantities import MalformedNumber, Qualifier, Quantity, parse_quantity, readings
from shaar.kernel.writing import format_number


@pytest.mark.parametrize(
    ("text", "value"),
    [("1 506", "1506"), ("1\u00a0506", "1506"), ("150,6", "150.6"), ("−26,0", "-26.0"), ("4 тыс.", "4000")],
)
def test_plain_numbers_are_exact(text: str, value: str) -> None:
    assert parse_quantity(text) == Quantity(Decimal(value))


@pytest.mark.parametrize("text", ["более 80", "более 80ти", "не менее 80", "80ден ашык"])
def test_a_lower_bound_is_at_least(text: str) -> None:
    assert parse_quantity(text) == Quantity(Decimal(80), None, Qualifier.AT_LEAST, text)


@pytest.mark.parametrize("text", ["45–50", "45-50", "от 45 до 50", "45 – 50"])
def test_a_range_keeps_both_bounds(text: str) -> None:
    assert parse_quantity(text) == Quantity(Decimal(45), Decimal(50), Qualifier.RANGE, text)


def test_a_malformed_number_is_refused_with_its_readings_and_place() -> None:
    with pytest.raises(MalformedNumber) as refused:
        parse_quantity("1 1684", place=Place(sheet="Лист1", cell="C7"))
    assert refused.value.readings == (Decimal(11684), Decimal(1684), Decimal("1168.4"))
    assert str(refused.value).startswith("Лист1!C7: ")
    assert readings("1        1684") == refused.value.readings


@pytest.mark.parametrize("text", ["", "много", "#REF!", "NaN", "12 34", "1.234.567", "--5", "5 сомов"])
def test_what_is_not_one_number_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_quantity(text)
    assert refused.value.code in {"not_a_number", "malformed_number"}


@given(st.text(max_size=200))
def test_no_text_does_anything_but_parse_or_be_refused(text: str) -> None:
    with suppress(Refusal):
        assert isinstance(parse_quantity(text), Quantity)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=3), st.sampled_from(["ru", "ky"]))
def test_a_written_number_reads_back(value: Decimal, language: str) -> None:
    assert parse_quantity(format_number(value, language)).value == value
