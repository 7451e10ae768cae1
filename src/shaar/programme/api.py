"""The door of programmes: plans of any day, measures, progress, and what units owe."""

from shaar.programme.models import Status
from shaar.programme.outcomes import (
    ActView,
    FindingView,
    FundingData,
    IndicatorData,
    MeasureData,
    MeasureView,
    MissingReport,
    NodeView,
    ProgrammeView,
    ProgressSummary,
    RevisionView,
    SourceView,
    StatedTotals,
    TargetData,
)
from shaar.programme.pack import load_pack
from shaar.programme.queries import (
    act,
    acts,
    indicator_codes,
    measure,
    measures,
    programme,
    programmes,
    progress,
    revisions,
)
from shaar.programme.reporting import missing_reports

__all__ = [
    "ActView",
    "FindingView",
    "FundingData",
    "IndicatorData",
    "MeasureData",
    "MeasureView",
    "MissingReport",
    "NodeView",
    "ProgrammeView",
    "ProgressSummary",
    "RevisionView",
    "SourceView",
    "StatedTotals",
    "Status",
    "TargetData",
    "act",
    "acts",
    "indicator_codes",
    "load_pack",
    "measure",
    "measures",
    "missing_reports",
    "programme",
    "programmes",
    "progress",
    "revisions",
]
