"""The pages of reports that `./shaar screenshots` takes."""

from collections.abc import Iterator


def pages() -> Iterator[tuple[str, str]]:
    """Yield name and address of each page."""
    yield "report", "/programmes/bishkek-2026/reports/2022/"
    yield "report-editions", "/programmes/bishkek-2026/reports/2022/editions/"
    yield "report-edition", "/programmes/bishkek-2026/reports/2022/editions/1/"
    yield "proofs", "/staff/proofs/"
