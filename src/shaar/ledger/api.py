"""The door of `ledger`: facts are recorded, taken back, found and announced; nothing is ever changed.

Two SQL functions are part of the door, so that readers sum millions of facts without knowing tables:

`ledger_cells(batches bigint[])` returns the facts of some batches summed by batch, series, unit,
territory, day and covers; `ledger_reversed(batches bigint[])` the facts that some batches take back.
See docs/modules/ledger.md.
"""

from shaar.ledger.queries import batches, find, get, recorded, series_of, series_stamp
from shaar.ledger.registry import declare, fact_types, subscribe, unsubscribe
from shaar.ledger.services import record, record_many, reverse
from shaar.ledger.views import (
    Batch,
    Evidence,
    Fact,
    FactId,
    FactQuery,
    FactType,
    FactView,
    SeriesView,
    Subject,
)

__all__ = [
    "Batch",
    "Evidence",
    "Fact",
    "FactId",
    "FactQuery",
    "FactType",
    "FactView",
    "SeriesView",
    "Subject",
    "batches",
    "declare",
    "fact_types",
    "find",
    "get",
    "record",
    "record_many",
    "recorded",
    "reverse",
    "series_of",
    "series_stamp",
    "subscribe",
    "unsubscribe",
]
