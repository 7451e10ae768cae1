"""Append-only facts: what happened, when, where, by whose unit, how much, from which record."""
