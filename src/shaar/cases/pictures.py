"""The pages of the workspace that `./shaar screenshots` takes."""

from collections.abc import Iterator


def pages() -> Iterator[tuple[str, str, str | None]]:
    """Yield name, address and the person who looks."""
    yield "inbox-reporter", "/staff/?sort=due", "reporter"
    yield "inbox-office", "/staff/?sort=due", "office"
    yield "notices", "/staff/notices/", "office"
    yield "notice-settings", "/staff/settings/notices/", "office"
    yield "channels", "/staff/channels/", "admin"
    yield "words", "/staff/words/cases.overdue/ru/", "admin"
    yield "jobs", "/staff/jobs/?status=succeeded", "admin"
    yield "health", "/staff/health/", "admin"
