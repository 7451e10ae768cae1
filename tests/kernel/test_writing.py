"""Numbers and counted nouns in Russian and Kyrgyz."""

from decimal import Decimal

import pytest

from shaar.kernel.quantities import Qualifier, Quantity
from shaar.kernel.writing import agree, counted, format_number, format_quantity


@pytest.mark.parametrize(
    ("number", "phrase", "written"),
    [
        (222, "камера видеонаблюдения", "камеры видеонаблюдения"),
        (851, "камера видеонаблюдения", "камера видеонаблюдения"),
        (1511, "ирригационный лоток", "ирригационных лотков"),
        (10531, "светодиодный светильник", "светодиодный светильник"),
        (2, "дошкольная образовательная организация", "дошкольные образовательные организации"),
        (23, "муниципальное парковочное пространство", "муниципальных парковочных пространства"),
        (5, "человек", "человек"),
        (5, "год", "лет"),
        (3, "год", "года"),
        (212733, "человек", "человека"),
        (145, "ребёнок", "детей"),
        (2575, "машино-место", "машино-мест"),
        (12, "камера", "камер"),
    ],
)
def test_nouns_and_their_attributes_agree_with_the_number(number: int, phrase: str, written: str) -> None:
    assert agree(number, phrase) == written


def test_a_fraction_takes_the_genitive_singular() -> None:
    assert agree(Decimal("25.5"), "километр") == "километра"


def test_an_oblique_case_inflects_the_noun_itself() -> None:
    assert agree(4, "район", case="loct") == "районах"
    assert agree(1, "район", case="loct") == "районе"


def test_kyrgyz_nouns_stay_singular_after_a_number() -> None:
    assert counted(222, "камера", "ky") == "222\u00a0камера"


def test_numbers_carry_non_breaking_spaces_and_a_comma() -> None:
    assert format_number(Decimal("57800.6"), "ru") == "57\u00a0800,6"
    assert format_number(Decimal("26.0"), "ky") == "26,0"
    assert format_number(Decimal(10531), "ky", precision=1) == "10\u00a0531,0"


def test_qualifiers_are_written_out() -> None:
    four_thousand = Quantity(Decimal(4000), None, Qualifier.AT_LEAST)
    assert format_quantity(four_thousand, "ru", scale="thousand") == "более 4\u00a0тысяч"
    assert format_quantity(Quantity(Decimal(45), Decimal(50), Qualifier.RANGE), "ru") == "45–50"
    assert format_quantity(Quantity(None, None, Qualifier.DISPUTED, "1 1684"), "ru") == "1\u00a01684"
