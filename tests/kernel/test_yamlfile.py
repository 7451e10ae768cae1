"""Pack files tell every mistake by file, line and field."""

from pathlib import Path

import pytest

from shaar.kernel.errors import Refusal, Refusals
from shaar.kernel.texts import Text
from shaar.kernel.yamlfile import Code, Names, PackModel, load


class Item(PackModel):
    code: Code
    name: Names


class Document(PackModel):
    items: tuple[Item, ...]


def test_a_good_file_becomes_a_model(tmp_path: Path) -> None:
    file = tmp_path / "good.yaml"
    file.write_text("items:\n  - code: a\n    name: {ru: Имя, ky: Аты}\n", encoding="utf-8")
    assert load(file, Document).items[0].name == Text("Имя", "Аты")


def test_every_mistake_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(
        "items:\n  - code: A b\n    name: {ru: Имя}\n  - code: b\n    nmae: {ru: Имя}\n", encoding="utf-8"
    )
    with pytest.raises(Refusals) as refused:
        load(file, Document)
    places = {str(problem.place).removeprefix(str(tmp_path)) for problem in refused.value.problems}
    assert places == {"/bad.yaml:2 items[0].code", "/bad.yaml:4 items[1].name", "/bad.yaml:5 items[1].nmae"}


@pytest.mark.parametrize(
    ("text", "code"),
    [("items: [", "broken_yaml"), ("items: 1\nitems: 2\n", "repeated_key")],
)
def test_an_unreadable_file_is_refused(tmp_path: Path, text: str, code: str) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        load(file, Document)
    assert refused.value.code == code
    assert refused.value.place is not None
    assert refused.value.place.line


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="missing"):
        load(tmp_path / "none.yaml", Document)
