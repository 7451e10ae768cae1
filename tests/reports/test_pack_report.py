"""The annual report of the Bishkek pack: what the source states stands in every format."""

import io
import json
from pathlib import Path

import docx
import lxml.html
import pytest
from docx.oxml.ns import qn

from shaar.kernel.quantities import Qualifier
from shaar.kernel.writing import format_number
from shaar.reports.composing import Imprint, compose
from shaar.reports.documents import BulletList, Document, FigureLink, Paragraph
from shaar.reports.pack import check
from shaar.reports.rendering import render
from tests.reports.pack_example import PACK, pack_snapshot, stated_rows

IMPRINT = Imprint("http://127.0.0.1:8000", 1, "0" * 64)
SNAPSHOT = pack_snapshot()


def figures_of_body(document: Document) -> dict[str, str]:
    """Return the figures of the running text, without remarks and annex, by indicator."""
    links = [
        part
        for block in document.body
        if isinstance(block, Paragraph | BulletList)
        for parts in ([block.inlines] if isinstance(block, Paragraph) else block.items)
        for part in parts
    ]
    return {link.indicator: link.text for link in links if isinstance(link, FigureLink)}


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return render(SNAPSHOT, "ru", IMPRINT)


def test_the_pack_has_no_fault_in_its_report() -> None:
    assert list(check(PACK)) == []


def test_each_of_the_hundred_stated_figures_stands_in_the_text_with_its_number_as_russian_writes_it() -> None:
    written, rows = figures_of_body(compose(SNAPSHOT, "ru", IMPRINT)), stated_rows()
    assert len(rows) == 100
    by_row = {figure.row: figure for figure in SNAPSHOT.figures if figure.row}
    for row in rows:
        figure = by_row[row]
        text = written[figure.indicator]
        is_counted = figure.qualifier is Qualifier.EXACT and figure.unit.ru
        if is_counted and figure.value is not None:
            assert text.startswith(format_number(figure.value, "ru", precision=figure.precision)), row


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ("O01", "10 531 светодиодный светильник"),
        ("B03", "222 камеры видеонаблюдения"),
        ("B02", "851 камера видеонаблюдения"),
        ("Z06", "1 511 лотков"),
        ("O06", "1 1684"),
        ("O07", "150,6 км"),
        ("I10", "57 800,6 м²"),
        ("M01", "15 420,6 млн сомов"),
        ("M03", "104,8 %"),
        ("M08", "26,0 млн сомов"),
        ("G02", "более 80 км"),
        ("Z07", "45–50 л/с"),
        ("I13", "14 единиц специализированной техники"),
    ],
)
def test_units_and_nouns_are_written_as_the_source_does_with_its_grammar_put_right(
    row: str, text: str
) -> None:
    written = figures_of_body(compose(SNAPSHOT, "ru", IMPRINT))
    indicator = next(figure.indicator for figure in SNAPSHOT.figures if figure.row == row)
    assert written[indicator].replace("\u00a0", " ") == text


def test_docx_and_html_link_every_stated_figure_to_its_trace(files: dict[str, bytes]) -> None:
    wanted = {
        IMPRINT.trace_url(figure.indicator, "2022")
        for figure in SNAPSHOT.figures
        if figure.row in stated_rows()
    }
    page = lxml.html.fromstring(files["html"].decode())
    assert wanted <= {link.get("href") for link in page.xpath("//a")}
    part = docx.Document(io.BytesIO(files["docx"])).part
    linked = {part.rels[link.get(qn("r:id"))].target_ref for link in part.element.iter(qn("w:hyperlink"))}
    assert wanted <= linked


def test_the_json_maps_all_rows_of_the_source(files: dict[str, bytes]) -> None:
    rows = [figure["row_id"] for figure in json.loads(files["json"])["figures"] if figure["row_id"]]
    assert len(rows) == len(set(rows)) == 108


def test_the_kyrgyz_text_holds_every_figure_of_the_russian_one() -> None:
    russian = figures_of_body(compose(SNAPSHOT, "ru", IMPRINT))
    kyrgyz = figures_of_body(compose(SNAPSHOT, "ky", IMPRINT))
    assert set(russian) <= set(kyrgyz)


def test_an_unknown_indicator_in_a_pack_is_told_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "indicators").mkdir()
    (tmp_path / "indicators" / "00.yaml").write_text("indicators: [{code: a.b}]\n")
    template = tmp_path / "reports" / "annual.ru.md.j2"
    template.write_text('# Отчёт\n\n{{ fig("a.b") }} {{ num("a.c") }}\n')
    (found,) = check(tmp_path)
    assert found.startswith(f"{template}:3:")
    assert "a.c" in found
