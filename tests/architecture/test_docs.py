"""What the documents name exists: files behind relative links, commands, settings, packages."""

import argparse
import re
from pathlib import Path
from typing import Any

import pytest

from shaar.config import cli
from shaar.config.environment import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("packs/*/*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
COMMAND = re.compile(r"\./shaar((?: +[^\s`|#;&>]+)*)")
VARIABLE = re.compile(r"\bSHAAR_[A-Z_]+\b")


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as web views of repositories make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_relative_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_command_of_the_documents_exists_with_its_options(page: Path) -> None:
    for words in COMMAND.findall(page.read_text(encoding="utf-8")):
        check(words.split())


def check(words: list[str]) -> None:
    """Fail unless the command, its action and its long options are known."""
    parser: argparse.ArgumentParser = cli.build_parser()
    if words[:1] and words[0] in cli.PASS_ON:
        return
    while (choices := actions(parser)) and words and re.fullmatch(r"[a-z][a-z-]*", words[0]):
        assert words[0] in choices, f"./shaar {' '.join(words)}"
        parser, words = choices[words[0]], words[1:]
    known = {option for action in parser._actions for option in action.option_strings}
    named = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert named <= known | {"--debug"}, f"./shaar {' '.join(words)}"


def actions(parser: argparse.ArgumentParser) -> dict[str, Any]:
    """Return the commands under a parser, none where it has none."""
    found = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(found[0].choices) if found else {}


def test_a_command_that_does_not_exist_is_told() -> None:
    with pytest.raises(AssertionError, match="unload"):
        check(["pack", "unload", "DIR"])
    with pytest.raises(AssertionError, match="--slowly"):
        check(["demo", "--slowly"])


def test_every_command_stands_in_the_page_on_running() -> None:
    page = (ROOT / "docs/running.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:\./shaar )?([a-z-]+)", page))
    assert set(actions(cli.build_parser())) <= named


def test_every_setting_of_the_documents_is_read_and_every_one_that_is_read_is_told() -> None:
    sources = [
        *(ROOT / "src").rglob("*.py"),
        ROOT / "shaar",
        ROOT / ".ci/run",
        *(ROOT / "tests").glob("*.py"),
    ]
    read = {name for path in sources for name in VARIABLE.findall(path.read_text(encoding="utf-8"))}
    told = {name for page in PAGES for name in VARIABLE.findall(page.read_text(encoding="utf-8"))}
    assert told <= read, told - read
    settings = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "src/shaar/config").glob("*.py")
    )
    asked = set(re.findall(r'(?:choice|flag|integer|words|address|get)\(\s*"(SHAAR_[A-Z_]+)"', settings))
    assert {one for one in asked if "TEST" not in one} <= told, asked - told


def test_every_library_that_is_asked_for_stands_in_the_decision_on_libraries() -> None:
    decision = next((ROOT / "docs/decisions").glob("0005-*.md")).read_text(encoding="utf-8").lower()
    for name in ("requirements.in", "requirements-dev.in"):
        asked = re.findall(r"^[A-Za-z0-9-]+", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
        untold = [one for one in asked if one.lower() not in decision and not one.startswith("types-")]
        assert untold == [], name
