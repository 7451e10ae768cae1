"""No text makes the rules fall: pieces of the corpus with words and marks left out, doubled and swapped."""

import random
import re
from io import BytesIO

import pytest

from shaar.reports.proofreading import check
from tests.architecture.sources import ROOT

CORPUS = ROOT / "tests" / "reports" / "proofreading" / "corpus"
PIECE = re.compile(r"\s+|[^\W\d]+|\d+|.")
LENGTH, CHANGES, JUMBLES = 300, 60, 40


def jumble(text: str, chance: random.Random) -> str:
    pieces = PIECE.findall(text)
    start = chance.randrange(max(1, len(pieces) - LENGTH))
    pieces = pieces[start : start + LENGTH]
    for _ in range(CHANGES):
        at, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        change = chance.choice(("drop", "double", "swap"))
        if change == "drop" and len(pieces) > CHANGES:
            del pieces[at]
        elif change == "double":
            pieces.insert(at, pieces[other])
        else:
            pieces[at], pieces[other] = pieces[other], pieces[at]
    return "".join(pieces)


@pytest.mark.parametrize("part", ["develop", "free-develop"])
def test_a_jumbled_text_is_read_to_its_end(part: str) -> None:
    chance = random.Random(part)
    texts = [path.read_text(encoding="utf-8") for path in sorted((CORPUS / part).glob("*.txt"))]
    for _ in range(JUMBLES):
        jumbled = jumble(chance.choice(texts), chance)
        proof = check(BytesIO(f"Отчёт города за год. {jumbled}".encode()), name="jumble.txt")
        assert all(finding.spots for finding in proof.findings), jumbled


@pytest.mark.parametrize(
    "text",
    [
        "Доля составила 0 % от 12 школ. По 5 млн каждая, 0 школ на 5 млн сомов.",
        "Расходы выросли на 0,0 % и составили 0,0 млн сомов против 0 млн сомов.",
        "1 1684,50 и 2 2,0 млн, 3 3 3 школы, 40-50-60, 9-х, -х, (), «112».",
        "Стоимость 1 км – 0 сомов при 0 км; на 0 жителей 0 м².",
    ],
)
def test_noughts_and_broken_numbers_are_read(text: str) -> None:
    assert check(BytesIO(text.encode()), name="noughts.txt").quantities is not None
