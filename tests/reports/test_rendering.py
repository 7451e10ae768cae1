import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import jsonschema
import lxml.etree
import lxml.html
import pikepdf
import pytest
from docx.oxml.ns import qn

from shaar.reports.composing import Imprint, compose
from shaar.reports.rendering import render
from tests.reports.examples import TAKEN_AT, snapshot

ROOT = Path(__file__).resolve().parents[2]
IMPRINT = Imprint("https://shaar.example", 3, "ab" * 32)
TRACE = "https://shaar.example/figures/{}/2022/?edition=3"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return render(snapshot(), "ru", IMPRINT)


@pytest.fixture(scope="module")
def expected() -> list[tuple[str, str]]:
    return [(link.text, link.url) for link in compose(snapshot(), "ru", IMPRINT).figure_links()]


def test_the_same_snapshot_gives_the_same_bytes(files: dict[str, bytes]) -> None:
    assert render(snapshot(), "ru", IMPRINT) == files


def test_a_moment_with_a_part_of_a_second_is_good_enough() -> None:
    assert render(snapshot(taken_at=TAKEN_AT.replace(microsecond=7)), "ru", IMPRINT)["pdf"].startswith(
        b"%PDF-1.7"
    )


def test_every_figure_is_a_link_to_its_trace_in_docx(
    files: dict[str, bytes], expected: list[tuple[str, str]]
) -> None:
    part = docx.Document(io.BytesIO(files["docx"])).part
    found = [
        ("".join(str(one.text) for one in link.iter(qn("w:t"))), part.rels[link.get(qn("r:id"))].target_ref)
        for link in part.element.iter(qn("w:hyperlink"))
    ]
    assert found == expected


def test_every_figure_is_a_link_to_its_trace_in_html(
    files: dict[str, bytes], expected: list[tuple[str, str]]
) -> None:
    page = lxml.html.fromstring(files["html"].decode())
    assert [
        (link.text_content(), link.get("href")) for link in page.xpath("//a[contains(@class, 'figure')]")
    ] == expected


def test_every_figure_is_a_link_to_its_trace_in_pdf(
    files: dict[str, bytes], expected: list[tuple[str, str]]
) -> None:
    with pikepdf.open(io.BytesIO(files["pdf"])) as pdf:
        links = [link for page in pdf.pages for link in page.get("/Annots", [])]
        found = {str(link.A.URI) for link in links if "/A" in link}
    assert found == {url for _text, url in expected}


def test_the_pdf_declares_and_carries_what_pdf_ua_and_pdf_a_ask_for(files: dict[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(files["pdf"])) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfuaid:part"], metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == (
            "1",
            "2",
            "A",
        )
        root: Any = pdf.Root
        assert root.MarkInfo.Marked is True
        assert str(root.Lang) == "ru"
        assert root.ViewerPreferences.DisplayDocTitle is True
        assert str(metadata["dc:title"]) == "Отчёт о программе за 2022 год"
        tags = list(structure(root.StructTreeRoot))
        kinds = [str(tag.S) for tag in tags]
        assert {"/H1", "/H2", "/P", "/L", "/Table", "/TH", "/Figure", "/Link"} <= set(kinds)
        assert all(str(tag.get("/Alt", "")) for tag in tags if str(tag.S) == "/Figure")
        assert "/OutputIntents" in root
        for link in (one for page in pdf.pages for one in page.get("/Annots", [])):
            assert str(link.get("/Contents", ""))
            assert "/StructParent" in link
        assert all(
            is_embedded(font) for page in pdf.pages for font in page.Resources.get("/Font", {}).values()
        )


def structure(node: Any) -> Any:
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from structure(child)


def is_embedded(font: Any) -> bool:
    return "/FontFile2" in font.DescendantFonts[0].FontDescriptor and "/ToUnicode" in font


def test_a_table_over_pages_is_one_table_with_one_row_of_headers() -> None:
    many = snapshot(figures=snapshot().figures * 12)
    pdf_bytes = render(many, "ru", IMPRINT)["pdf"]
    with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
        tables = [tag for tag in structure(pdf.Root.StructTreeRoot) if str(tag.S) == "/Table"]
        sizes = [sum(str(tag.S) == "/TR" for tag in structure(table)) for table in tables]
    assert max(sizes) == 1 + len(many.figures)


def test_the_docx_has_language_headings_header_rows_described_pictures_and_properties(
    files: dict[str, bytes],
) -> None:
    opened = docx.Document(io.BytesIO(files["docx"]))
    styles = opened.styles.element.find(qn("w:docDefaults"))
    assert [one.get(qn("w:val")) for one in styles.iter(qn("w:lang"))] == ["ru-RU"]
    named = [
        (one.style.name, one.text) for one in opened.paragraphs if one.style and "Head" in str(one.style.name)
    ]
    assert ("Heading 1", "Городская среда") in named
    assert ("Heading 2", "Бюджет") in named
    assert {"List Bullet", "List Number"} <= {str(one.style.name) for one in opened.paragraphs if one.style}
    for table in opened.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    pictures = list(opened.element.iter("{*}docPr"))
    assert len(pictures) == 2
    assert all(one.get("descr") for one in pictures)
    assert opened.core_properties.title == "Отчёт о программе за 2022 год"
    assert opened.core_properties.author == "Мэрия города"
    assert opened.core_properties.language == "ru-RU"


def test_the_docx_carries_no_time_but_that_of_the_snapshot(files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(files["docx"])) as packed:
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = packed.read("docProps/core.xml").decode()
    assert re.findall(r"\d{4}-\d{2}-\d{2}T[\d:]+", core) == ["2023-03-01T06:00:00"] * 2


def test_a_word_processor_reads_the_docx_as_xml_without_faults(files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(files["docx"])) as packed:
        assert packed.testzip() is None
        for name in packed.namelist():
            if name.endswith((".xml", ".rels")):
                lxml.etree.fromstring(packed.read(name))


def test_the_html_needs_nothing_from_elsewhere(files: dict[str, bytes]) -> None:
    page = lxml.html.fromstring(files["html"].decode())
    assert page.get("lang") == "ru"
    assert not page.xpath("//link | //script | //img | //iframe")
    assert "@import" not in files["html"].decode()
    assert "url(http" not in files["html"].decode()
    identities = [one.get("id") for one in page.xpath("//*[@id]")]
    assert len(identities) == len(set(identities))
    inside = {link.get("href")[1:] for link in page.xpath("//a[starts-with(@href, '#')]")}
    assert inside <= set(identities)


@pytest.mark.parametrize("language", ["ru", "ky"])
def test_the_json_keeps_its_schema_and_maps_each_figure_to_its_row(language: str) -> None:
    data = json.loads(render(snapshot(), language, IMPRINT)["json"])
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(data)
    rows = {figure["row_id"]: figure for figure in data["figures"]}
    assert rows["M01"]["value"] == "15420.6"
    assert rows["M01"]["plan"] == {"indicator": "budget.plan", "value": "14719.8"}
    assert rows["O06"] | {"value": None, "as_written": "1 1684", "qualifier": "disputed"} == rows["O06"]
    assert rows["O10"]["state"] == "missing"
    assert rows["O01"]["trace_url"] == TRACE.format("light.led")
    assert rows["O01"]["findings"] == ["parts:light.led:2022"]


def test_the_kyrgyz_edition_is_kyrgyz_throughout() -> None:
    document = compose(snapshot(), "ky", IMPRINT)
    words = " ".join(link.text for link in document.figure_links())
    assert "маалымат жок" in words
    assert "нет данных" not in words
    assert "10\u00a0531\u00a0жарык диоддуу чырак" in words
