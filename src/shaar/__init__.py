"""Shaar: the system a city hall runs on, from a programme's plan to the proof of each figure."""

__version__ = "0.1.0"
