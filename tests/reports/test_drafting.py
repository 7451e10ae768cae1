import pytest

from shaar.kernel.errors import Refusal
from shaar.reports.composing import Imprint, compose
from shaar.reports.documents import (
    BulletList,
    Document,
    FigureLink,
    Heading,
    Paragraph,
    Picture,
    Strong,
    WebLink,
    plain,
)
from tests.reports.examples import snapshot


def drafted(template: str, language: str = "ru") -> Document:
    return compose(snapshot(templates={language: template}), language, Imprint("https://shaar.example"))


def said(template: str) -> str:
    block = drafted(template).body[0]
    assert isinstance(block, Paragraph)
    return plain(block.inlines).replace("\u00a0", " ")


def refused(template: str) -> list[tuple[str, str]]:
    with pytest.raises(Refusal) as refusal:
        drafted(template)
    return [(problem.code, str(problem)) for problem in refusal.value.problems]


@pytest.mark.parametrize(
    ("call", "written"),
    [
        ('fig("light.led")', "10 531 светодиодный светильник"),
        ('fig("light.led", verb="установлен")', "установлен 10 531 светодиодный светильник"),
        ('fig("safety.cameras_a", verb="установлен")', "установлены 222 камеры"),
        ('fig("light.led", noun="школа", case="loct")', "10 531 школе"),
        ('fig("light.network")', "150,6 км"),
        ('fig("light.network", unit=False)', "150,6"),
        ('fig("light.requests")', "нет данных"),
        ('fig("light.replaced")', "1 1684 ламп"),
        ('fig("culture.children")', "более 4 000 детей"),
        ('fig("culture.children", scale="thousand")', "более 4 тысяч детей"),
        ('fig("water.flow")', "45–50 л/с"),
        ('fig("budget.income")', "15 420,6 млн сомов"),
        ('fig("budget.percent")', "104,8 %"),
        ('num("safety.cameras_b")', "851"),
        ('"есть" if known("light.led") else "нет"', "есть"),
        ('"нет" if value("light.requests") is none else "есть"', "нет"),
        ("total(direction=2)", "1"),
    ],
)
def test_a_template_writes_figures_as_their_passports_say(call: str, written: str) -> None:
    assert said(f"{{{{ {call} }}}}") == written


def test_a_missing_figure_is_said_to_be_missing_and_still_opens_its_trace() -> None:
    block = drafted('{{ fig("light.requests") }}').body[0]
    assert isinstance(block, Paragraph)
    link = block.inlines[0]
    assert isinstance(link, FigureLink)
    assert (link.text, link.url) == ("нет данных", "https://shaar.example/figures/light.requests/2022/")


def test_disputed_and_partial_figures_carry_signs_that_the_annex_explains() -> None:
    document = drafted('{{ fig("light.replaced") }} {{ fig("safety.cameras_b") }}')
    assert [link.mark for link in document.figure_links()][:2] == ["*", "**"]
    notes = [block for block in document.annex if isinstance(block, BulletList)][-1]
    assert [item[0] for item in notes.items] == [Strong("* "), Strong("** ")]


def test_every_unknown_name_is_told_at_once_with_file_and_line() -> None:
    template = (
        '# Отчёт\n\n{{ fig("no.such") }}\n\n{{ act("gone") }}\n{{ direction(9) }}\n\n```chart nowhere\n```\n'
    )
    found = refused(template)
    assert [code for code, _text in found] == [
        "unknown_indicator", "unknown_act", "unknown_direction", "unknown_chart",
    ]  # fmt: skip
    assert [text.split(" ")[0] for _code, text in found] == [
        f"reports/annual.ru.md.j2:{line}:" for line in (3, 5, 6, 8)
    ]
    assert "no.such" in found[0][1]


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("строка\n\n{{ fig( }}", 3),
        ("строка\n{{ nobody }}", 2),
        ('{{ fig("light.led").__class__.__mro__ }}', 1),
        ("{% for x in range(100000000) %}.{% endfor %}", 1),
        ('\n\n{{ fig("light.led", 1) }}', 3),
    ],
)
def test_a_broken_or_prying_template_is_refused_at_its_line(template: str, line: int) -> None:
    (found,) = refused(template)
    assert found[0] == "broken_template"
    assert found[1].startswith(f"reports/annual.ru.md.j2:{line}: ")


@pytest.mark.parametrize(
    "template",
    [
        "![картинка](https://x.example/a.png)",
        "> цитата",
        "---",
        "    код",
        "[x](ftp://x.example)",
        "[x](figure:no.such)",
    ],
)
def test_markup_that_a_report_cannot_hold_is_refused(template: str) -> None:
    assert refused(template)[0][0] in {"unknown_markup", "unsafe_link", "unknown_indicator"}


def test_what_data_say_is_never_read_as_markup() -> None:
    block = drafted("{{ measures(direction=2) }}").body[0]
    assert isinstance(block, BulletList)
    assert plain(block.items[0]) == "5. Ввести систему [учёта] (Управление)"


def test_html_in_a_template_is_shown_as_words() -> None:
    assert said("<script>alert(1)</script> слова").startswith("<script>")


def test_titles_headings_lists_links_and_charts_become_blocks() -> None:
    document = drafted(
        "# Имя\n\n## Глава\n\n### Раздел\n\n1. раз **важно** [сайт](https://x.example)\n2. два\n\n"
        "```chart income\n```\n"
    )
    assert document.title == "Имя"
    first, second, listed, picture = document.body[:4]
    assert (first, second) == (Heading(1, "Глава", "глава"), Heading(2, "Раздел", "раздел"))
    assert isinstance(listed, BulletList)
    assert listed.is_ordered
    assert listed.items[0][1:] == (
        Strong("важно"),
        *listed.items[0][2:3],
        WebLink("сайт", "https://x.example"),
    )
    assert isinstance(picture, Picture)
    assert picture.chart.table[1][1:] == ["15\u00a0420,6", "14\u00a0719,8"]


def test_remarks_stand_beside_their_figures_in_the_annex() -> None:
    document = drafted("текст")
    anchors = [block.anchor for block in document.blocks() if isinstance(block, Heading)]
    assert anchors == ["remarks", "confirmed", "edition", "annex", "sources", "signs"]
    table = next(block for block in document.annex if block.kind == "table")
    rows = {plain(row[0]): [plain(cell) for cell in row] for row in table.rows}  # type: ignore[union-attr]
    assert rows["O01"][-1] == "1"
    assert rows["M01"][4].replace("\u00a0", " ") == "14 719,8 млн сомов"
    assert rows["O06"][6] == "под вопросом"
    assert rows["O10"][6] == "нет данных"
    assert rows["O01"][5] == "[1], абзац 42, строка 42"
