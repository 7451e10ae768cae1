"""Sums of facts that are kept as facts arrive, so that values of years are read without reading facts.

`queries` reads them, `keeping` keeps them; docs/decisions/0002-ledger-series-and-rollups.md says why so.
"""
