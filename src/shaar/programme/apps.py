"""Registers the module `programme` with Django."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """Names the module `programme`; makes its verbs, facts and the set of a programme's indicators known."""

    name = "shaar.programme"
    label = "programme"

    def ready(self) -> None:
        from shaar.access.api import register_verbs
        from shaar.cases.api import Panel, register, register_bulk_step, register_panel
        from shaar.indicators.api import register_rule, register_scope
        from shaar.programme import bulk, facts, findings, panels  # noqa: F401 facts declares its types
        from shaar.programme.navigation import register_entries
        from shaar.programme.permissions import VERBS
        from shaar.programme.queries import indicator_codes
        from shaar.programme.searching import register_sources
        from shaar.programme.state import state
        from shaar.programme.workflow import UNIT_REPORT

        register_verbs(VERBS)
        register_entries()
        register_sources()
        register(UNIT_REPORT)
        for step, perform in bulk.STEPS.items():
            register_bulk_step(UNIT_REPORT.code, step, perform)
        register_panel(Panel("programme.owed", "programme/staff/owed_panel.html", 20, panels.owed))
        register_scope("programme", indicator_codes)
        register_rule("itemised_total", findings.itemised_total, state=state)
        register_rule("status_disagrees", findings.status_disagrees, state=state)
