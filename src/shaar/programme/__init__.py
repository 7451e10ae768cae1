"""Programmes of the city: goals, measures, targets, progress and approval."""
