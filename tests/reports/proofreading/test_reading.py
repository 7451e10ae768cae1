"""Texts are read from DOCX, PDF, HTML and plain text; what cannot be read is told in one line."""

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest
import typst
from docx import Document

from shaar.config.cli import main
from shaar.reports.proofreading import Unreadable, check
from shaar.reports.proofreading.reading import Reading, read

HERE = Path(__file__).parent
SENTENCE = "Отремонтировано 12 школ, из них 5 в центре и 8 на окраинах."
LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
ROWS = [["Район", "Школы", "Сады"], ["Северный", "4", "6"], ["Южный", "3", "2"], ["Итого", "7", "9"]]


def reading(content: bytes, name: str) -> Reading:
    return read(BytesIO(content), name=name)


def docx() -> bytes:
    document = Document()
    document.add_paragraph(SENTENCE)
    document.add_paragraph("Второй пункт: 5 школ", style="List Bullet")
    table = document.add_table(rows=4, cols=3)
    for row, cells in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def pdf(markup: str) -> bytes:
    return typst.compile(markup.encode(), format="pdf")


def table(found: Reading) -> dict[tuple[int, int], str]:
    cells = [(passage.cell, passage.text) for passage in found.passages]
    return {(cell.row, cell.column): text for cell, text in cells if cell is not None}


WANTED = {(row, column): text for row, cells in enumerate(ROWS, 1) for column, text in enumerate(cells, 1)}


def test_docx_gives_paragraphs_list_items_and_tables() -> None:
    found = reading(docx(), "a.docx")
    assert found.format == "docx"
    assert found.passages[0].text == SENTENCE
    assert found.passages[1].is_bullet
    assert table(found) == WANTED


def test_pdf_gives_joined_paragraphs_with_pages_and_tables() -> None:
    cells = ", ".join(f"[{text}]" for cells in ROWS for text in cells)
    filler = "Слово за словом тянется длинная строка отчёта о делах города. " * 4
    found = reading(pdf(f"{filler}{SENTENCE}\n#pagebreak()\n#table(columns: 3, {cells})"), "a.pdf")
    assert found.format == "pdf"
    assert found.passages[0].text.endswith(SENTENCE)
    assert found.passages[0].place(0) == (1, 1)
    assert table(found) == WANTED
    assert {passage.place(0)[1] for passage in found.passages if passage.cell} == {2}


def test_html_gives_blocks_lists_tables_and_raised_signs() -> None:
    rows = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in cells)}</tr>" for cells in ROWS)
    listed = f"<ul><li>{SENTENCE}</li></ul>"
    markup = f"<html><body><p>Уложено\n5 м<sup>2</sup></p>{listed}<table>{rows}</table></body></html>"
    found = reading(markup.encode(), "a.html")
    assert found.format == "html"
    assert found.passages[0].text == "Уложено 5 м²"
    assert found.passages[1].is_bullet
    assert found.passages[1].place(0)[0] == 2
    assert table(found) == WANTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_plain_text_is_read_in_its_encoding(encoding: str) -> None:
    assert reading(SENTENCE.encode(encoding), "a.txt").passages[0].text == SENTENCE


def test_wrapped_lines_of_a_text_make_one_paragraph_and_keep_their_lines() -> None:
    lines = [
        "За отчётный период в городе отремонтировано сорок восемь километров",
        "дорог, из них капитально двенадцать километров, остальные текущим ре-",
        "монтом. Кроме того, на девяноста шести улицах города нанесена новая",
        "разметка общей длиной в двести десять километров, обновлены знаки",
        "и отремонтированы остановки.",
    ]
    found = reading("\n".join(lines).encode(), "a.txt")
    assert len(found.passages) == 1
    assert "ремонтом" in found.passages[0].text
    assert found.passages[0].place(found.passages[0].text.index("разметка"))[0] == 4


def test_tables_of_bars_and_tabs_are_tables() -> None:
    for mark in ("|", "\t"):
        lines = [mark.join(cells) if mark == "\t" else f"| {' | '.join(cells)} |" for cells in ROWS]
        assert table(reading("\n".join(lines).encode(), "a.txt")) == WANTED


def test_an_empty_line_ends_a_table() -> None:
    rows = "\n".join(f"| {' | '.join(cells)} |" for cells in ROWS)
    found = reading(f"{rows}\n\n{rows}".encode(), "a.txt")
    assert {passage.cell.table for passage in found.passages if passage.cell} == {1, 2}


class Endless:
    """A stream that never ends, as a file larger than memory."""

    def read(self, size: int) -> bytes:
        return b"0" * size

    def seekable(self) -> bool:
        return False


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.txt", "empty"),
        (b" \n\t ", "a.txt", "empty"),
        (b"\x00\x01\x02\xff" * 50, "a.bin", "unknown_format"),
        (b"PK\x03\x04 cut off", "a.docx", "broken"),
        (docx()[:3000], "a.docx", "broken"),
        (b"not a document at all", "a.docx", "broken"),
        (b"%PDF-1.7\nnothing more", "a.pdf", "broken"),
        (pdf("#rect(width: 5cm)"), "a.pdf", "scanned"),
        ((HERE / "encrypted.pdf").read_bytes(), "a.pdf", "encrypted"),
        (LOCKED, "a.docx", "encrypted"),
        (b"The city repaired 12 schools, of which 5 are in the centre.", "a.txt", "other_language"),
        ("Місто відремонтувало 12 шкіл, із них 5 у центрі. Їх площа.".encode(), "a.txt", "other_language"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(content: bytes, name: str, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        check(BytesIO(content), name=name)
    assert refusal.value.code == code
    assert all("\n" not in sentence and sentence for sentence in refusal.value.messages.values())


def test_a_file_that_is_too_large_is_not_read_to_its_end() -> None:
    stream: BinaryIO = Endless()  # type: ignore[assignment]
    with pytest.raises(Unreadable) as refusal:
        check(stream, name="a.txt")
    assert refusal.value.code == "too_large"


def test_a_line_of_very_many_numbers_does_not_hang() -> None:
    text = "Показатели города: " + ", ".join(f"{number} школ" for number in range(4000)) + " и 45 %."
    assert len(check(BytesIO(text.encode()), name="a.txt").figures) > 3000


def test_kyrgyz_is_read() -> None:
    text = "Шаарда 12 мектеп курулду, анын ичинде борбордо 5 мектеп жана четинде 8 мектеп."
    assert [str(figure.value) for figure in check(BytesIO(text.encode()), name="a.txt").quantities] == [
        "12",
        "5",
        "8",
    ]


def test_the_command_says_one_line_and_returns_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(b"")
    assert main(["check-text", str(path)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "shaar: empty.txt: В файле нет текста.\n"
    assert main(["check-text", str(tmp_path / "absent.txt")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_command_prints_quote_line_and_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "report.txt"
    path.write_text(f"Отчёт за 2023 год.\n{SENTENCE}\n")
    assert main(["check-text", str(path)]) == 1
    said = capsys.readouterr().out
    assert "report.txt, строка 2: ошибка [parts]" in said
    assert "5 + 8 = 13, лишние 1" in said
    assert "⟦12 школ⟧" in said
    path.write_text("Отчёт за 2023 год. Отремонтировано 13 школ, из них 5 в центре и 8 на окраинах.\n")
    assert main(["check-text", str(path), "--lang", "ky"]) == 0
