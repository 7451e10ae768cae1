"""Registers the module `budget` with Django."""

from django.apps import AppConfig


class BudgetConfig(AppConfig):
    """Names the module `budget`."""

    name = "shaar.budget"
    label = "budget"
