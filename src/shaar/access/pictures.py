"""The pages of access that `./shaar screenshots` takes."""

from collections.abc import Iterator


def pages() -> Iterator[tuple[str, str, str | None]]:
    """Yield name, address and the person who looks."""
    yield "sign-in", "/sign-in/", None
    yield "people", "/staff/people/", "admin"
    yield "settings", "/staff/settings/", "admin"
    yield "person", "/staff/people/reporter/", "admin"
    yield "units", "/staff/city/units/", "admin"
    yield "calendar", "/staff/city/calendar/?year=2022", "admin"
    yield "audit", "/staff/audit/", "auditor"
