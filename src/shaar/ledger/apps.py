"""Registers the module `ledger` with Django."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Names the module `ledger`."""

    name = "shaar.ledger"
    label = "ledger"
