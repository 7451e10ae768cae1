"""Scores a table of units by indicators: pure functions of a scheme and numbers, without a database."""
