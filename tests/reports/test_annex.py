"""Every figure of the annex as both languages write it, against a list that people read through."""

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest

from shaar.kernel.writing import NBSP
from shaar.reports.composing import Imprint, compose
from shaar.reports.documents import FigureLink, Table
from tests.reports.pack_example import all_rows, pack_snapshot

IMPRINT = Imprint("http://127.0.0.1:8000", 1, "0" * 64)
READ_THROUGH = Path(__file__).with_name("annex_2022.csv")


def annex(language: str) -> dict[str, str]:
    """Return what the annex writes as the value of each row of the source."""
    document = compose(pack_snapshot(), language, IMPRINT)
    (table,) = (block for block in document.annex if isinstance(block, Table))
    written = {}
    for row in table.rows:
        (link,) = (part for part in row[2] if isinstance(part, FigureLink))
        written[row[0][0].text] = link.text
    return written


def read_through(language: str) -> dict[str, str]:
    with READ_THROUGH.open(encoding="utf-8", newline="") as file:
        return {row["row"]: row[language] for row in csv.DictReader(file)}


@pytest.mark.parametrize("language", ["ru", "ky"])
def test_each_of_the_108_figures_is_written_as_people_read_it_through(language: str) -> None:
    written, expected = annex(language), read_through(language)
    assert len(expected) == 108
    assert {row: written[row].replace(NBSP, " ") for row in expected} == expected


@pytest.mark.parametrize("language", ["ru", "ky"])
def test_each_number_of_the_annex_is_the_number_of_the_source(language: str) -> None:
    written, rows = annex(language), all_rows()
    for code, row in rows.items():
        found = re.findall(rf"\d[\d{NBSP}]*(?:[,.]\d+)?", written[code])
        numbers = [Decimal(text.replace(NBSP, "").replace(",", ".")) for text in found]
        stated = [row["value"], row["upper"]] if row["value"] else [row["as_written"].replace(" ", "")]
        assert numbers == [Decimal(text) for text in stated if text], code


@pytest.mark.parametrize("language", ["ru", "ky"])
def test_no_value_of_the_annex_could_break_over_two_lines(language: str) -> None:
    for row, text in annex(language).items():
        number = re.match(r"\D*[\d,.–\u00a0 ]*\d", text)
        assert number is None or not re.search(r"\d \d", number[0]), row


def test_the_number_of_a_version_is_a_name_and_a_grade_is_not_counted() -> None:
    assert (annex("ru")["U02"], annex("ky")["U02"]) == ("2.0", "2.0")
    assert annex("ru")["S09"] == f"1–4{NBSP}классы"
