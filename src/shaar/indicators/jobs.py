"""The background entries of `indicators`."""

from shaar.indicators.rollups import jobs as rollup_jobs

__all__ = ["rollup_jobs"]
