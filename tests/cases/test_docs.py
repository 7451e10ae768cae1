"""The page of the module shows the workflows as they are registered."""

import pytest

from shaar.cases.api import workflows
from shaar.cases.diagrams import redrawn
from shaar.config.environment import ROOT

PAGE = ROOT / "docs/modules/cases.md"


def test_the_diagrams_of_the_page_are_current() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert redrawn(page, [one for one in workflows() if not one.code.startswith("tests.")]) == page


def test_a_page_without_the_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="no section"):
        redrawn("# Cases", [])
