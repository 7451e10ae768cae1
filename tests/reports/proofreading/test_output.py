"""A proof is written for the terminal, as JSON, as a page and as a document with comments."""

import json
from html.parser import HTMLParser
from io import BytesIO

import pytest
from docx import Document
from jsonschema import Draft202012Validator

from shaar.reports.proofreading import Proof, check
from shaar.reports.proofreading.as_docx import as_docx
from shaar.reports.proofreading.as_html import as_html
from shaar.reports.proofreading.as_json import as_data, as_json
from tests.architecture.sources import ROOT

SCHEMA = json.loads((ROOT / "docs" / "check-text.schema.json").read_text(encoding="utf-8"))
TEXT = (
    "Отчёт за 2023 год.\n"
    "Отремонтировано 12 школ, из них 5 в центре и 8 на окраинах <города>.\n"
    "Заменено 1 1684 ламп. Собрано 15,4 млн сомов при плане 14,0 млн сомов, или 110,0 %.\n"
    "| Район | Школы | Сады |\n| Южный | 4 | 6 |\n| Северный | 3 | 2 |\n| Итого | 8 | 8 |\n"
)


@pytest.fixture(scope="module")
def proof() -> Proof:
    return check(BytesIO(TEXT.encode()), name="report.txt")


def test_the_json_is_what_the_schema_describes(proof: Proof) -> None:
    judge = Draft202012Validator(SCHEMA)
    assert list(judge.iter_errors(json.loads(as_json(proof)))) == []
    assert {finding["rule"] for finding in as_data(proof)["findings"]} >= {"parts", "malformed", "table"}
    assert not judge.is_valid(as_data(proof) | {"format": "odt"})


def test_the_same_finding_keeps_its_key_when_lines_move(proof: Proof) -> None:
    moved = check(BytesIO(("Введение.\n\n" + TEXT).encode()), name="other.txt")
    assert [one.key for one in moved.findings] == [one.key for one in proof.findings]
    assert len({one.key for one in proof.findings}) == len(proof.findings)


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if "href" in given else []


@pytest.mark.parametrize("language", ["ru", "ky", "en"])
def test_the_page_links_each_mark_to_its_finding_and_escapes_the_text(proof: Proof, language: str) -> None:
    written = as_html(proof, language=language)
    page = Page()
    page.feed(written)
    assert sorted(set(page.ids)) == sorted({link.removeprefix("#") for link in page.links})
    assert len(page.ids) == len(proof.findings)
    assert "&lt;города&gt;" in written
    assert "script" not in page.tags
    assert all(finding.message(language) for finding in proof.findings)


def test_the_document_has_a_comment_for_each_finding(proof: Proof) -> None:
    document = Document(BytesIO(as_docx(proof)))
    comments = [comment.text for comment in document.comments]
    assert len(comments) == len(proof.findings)
    assert any("5 + 8 = 13" in comment for comment in comments)
    assert [paragraph.text for paragraph in document.paragraphs] == list(proof.passages)


def test_comments_go_into_the_document_that_was_proofread() -> None:
    source = Document()
    paragraph = source.add_paragraph("Отремонтировано ")
    paragraph.add_run("12 школ").bold = True
    paragraph.add_run(", из них 5 в центре и 8 на окраинах.")
    table = source.add_table(rows=3, cols=2)
    for row, texts in zip(table.rows, [["Южный", "4"], ["Северный", "3"], ["Итого", "8"]], strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    written = BytesIO()
    source.save(written)
    proof = check(BytesIO(written.getvalue()), name="report.docx")
    document = Document(BytesIO(as_docx(proof, source=written.getvalue())))
    assert len(list(document.comments)) == len(proof.findings) == 2
    assert document.paragraphs[0].text == paragraph.text
    assert [run.text for run in document.paragraphs[0].runs if run.bold] == ["12 школ"]
    assert document.tables[0].rows[2].cells[1].text == "8"
