"""The pages of the programme that `./shaar screenshots` takes."""

from collections.abc import Iterator


def pages() -> Iterator[tuple[str, str, str | None]]:
    """Yield name, address and the person who looks."""
    yield "programme", "/programmes/bishkek-2026/", None
    yield "direction", "/programmes/bishkek-2026/directions/2/", None
    yield "measures", "/programmes/bishkek-2026/measures/", None
    yield "reports", "/staff/reports/", "reporter"
    yield "overdue", "/staff/overdue/", "office"
    yield "plan", "/staff/plans/bishkek-2026/", "office"
    yield "imports", "/staff/imports/", "office"
    yield "import-new", "/staff/imports/new/", "office"
