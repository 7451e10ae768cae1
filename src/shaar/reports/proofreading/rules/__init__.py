"""The rules, one file each; a rule is a function from a text to findings."""

from collections.abc import Callable, Iterable

from shaar.reports.proofreading.findings import Finding
from shaar.reports.proofreading.rules import malformed
from shaar.reports.proofreading.text import Text

Rule = Callable[[Text], Iterable[Finding]]
RULES: tuple[Rule, ...] = (malformed.find,)
