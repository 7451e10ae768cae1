"""Proofreading of figures in report texts: `check(stream, name=…)` returns a Proof.

Free of models and settings: it works on any file, without a database.
"""

from shaar.reports.proofreading.findings import Finding, Proof, Severity, Spot, StatedFigure
from shaar.reports.proofreading.messages import Unreadable
from shaar.reports.proofreading.proof import check

__all__ = ["Finding", "Proof", "Severity", "Spot", "StatedFigure", "Unreadable", "check"]
