from decimal import Decimal

import pytest

from shaar.kernel.writing import agree, predicate


@pytest.mark.parametrize(
    ("number", "participle", "phrase", "written"),
    [
        (1506, "установлен", "камера видеонаблюдения", "установлено"),
        (42, "установлен", "камера видеонаблюдения", "установлены"),
        (851, "установлен", "камера видеонаблюдения", "установлена"),
        (10531, "установлен", "светодиодный светильник", "установлен"),
        (11, "создан", "служба", "создано"),
        (1, "возвращён", "здание", "возвращено"),
        (Decimal("1.5"), "проложен", "километр", "проложено"),
    ],
)
def test_a_participle_agrees_with_number_and_gender(
    number: Decimal | int, participle: str, phrase: str, written: str
) -> None:
    assert predicate(number, participle, phrase) == written


@pytest.mark.parametrize(
    ("number", "written"), [(1, "котельная"), (2, "котельные"), (5, "котельных"), (22, "котельные")]
)
def test_a_noun_that_declines_as_an_adjective_agrees_as_one(number: int, written: str) -> None:
    assert agree(number, "котельная") == written
