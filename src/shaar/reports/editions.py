"""Publishes editions and reads them back; a published edition answers from its own frozen bytes for ever."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection, models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from shaar.access.api import Actor
from shaar.indicators.api import FrozenValue
from shaar.kernel.errors import Refusal
from shaar.reports.composing import Imprint
from shaar.reports.differences import Difference, differences
from shaar.reports.models import Edition, EditionFile
from shaar.reports.rendering import file_name, render_all
from shaar.reports.searching import REPORTS
from shaar.reports.snapshot import Snapshot, canonical, content_hash, from_data, to_data
from shaar.search.api import changed


@dataclass(frozen=True, slots=True)
class FileView:
    """One file of an edition."""

    language: str
    form: str
    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class EditionView:
    """A published edition without its bytes."""

    programme: str
    year: int
    number: int
    hash: str
    languages: tuple[str, ...]
    published_at: datetime
    published_by: str
    differences: tuple[Difference, ...]
    files: tuple[FileView, ...]

    def file(self, language: str, form: str) -> FileView | None:
        """Return the file of a language and format."""
        return next((one for one in self.files if (one.language, one.form) == (language, form)), None)


@transaction.atomic
def publish(snapshot: Snapshot, *, actor: Actor, at: datetime, public_url: str) -> EditionView:
    """Freeze a snapshot as the next edition with its files; raise Refusal `nothing_new`, `nothing_known`."""
    if all(figure.state == "missing" for figure in snapshot.figures):
        message = _("No figure of the report has data yet: there is nothing to publish.")
        raise Refusal("nothing_known", message)
    _lock(snapshot.programme, snapshot.year)
    last = _of(snapshot.programme, snapshot.year).order_by("-number").first()
    before = from_data(json.loads(last.snapshot)) if last else None
    data = to_data(snapshot)
    if before is not None and _is_same(to_data(before), data):
        message = _("Edition %(number)s says the same: there is nothing new to publish.")
        raise Refusal("nothing_new", message % {"number": last.number if last else 0})
    changes = differences(before, snapshot) if before else ()
    number = last.number + 1 if last else 1
    imprint = Imprint(public_url, number, content_hash(data), changes)
    rendered = render_all(snapshot, imprint)
    edition = Edition.objects.create(
        programme=snapshot.programme,
        year=snapshot.year,
        number=number,
        languages=" ".join(snapshot.languages()),
        snapshot=canonical(data).decode(),
        hash=imprint.hash,
        differences=[asdict(change) for change in changes],
        previous=last,
        published_at=at,
        published_by=actor.name,
        published_by_key=actor.key,
    )
    _keep(edition, rendered)
    changed(REPORTS)
    return edition_view(edition)


def _keep(edition: Edition, rendered: Mapping[tuple[str, str], bytes]) -> None:
    EditionFile.objects.bulk_create(
        EditionFile(
            edition=edition,
            language=language,
            form=form,
            name=file_name(edition.year, language, form),
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
        )
        for (language, form), content in rendered.items()
    )


def _lock(programme: str, year: int) -> None:
    """Let one publication of a programme's year run at a time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"edition {programme} {year}"]
        )


def _is_same(before: dict[str, object], after: dict[str, object]) -> bool:
    return {**before, "taken_at": ""} == {**after, "taken_at": ""}


def editions(programme: str, year: int) -> list[EditionView]:
    """Return the editions of a programme's year, the newest first."""
    return [edition_view(one) for one in _of(programme, year).prefetch_related(_files()).order_by("-number")]


def edition(programme: str, year: int, *, number: int | None = None) -> EditionView | None:
    """Return an edition, the newest unless a number is given; None where there is none."""
    found = _row(programme, year, number=number)
    return edition_view(found) if found else None


def edition_of(number: int, *, indicator: str, period: str) -> tuple[EditionView, Snapshot] | None:
    """Return the newest edition with this number that holds a figure, for a trace page that names it."""
    for row in Edition.objects.filter(number=number).order_by("-published_at"):
        snapshot = from_data(json.loads(row.snapshot))
        if snapshot.figure(indicator, period):
            return edition_view(row), snapshot
    return None


def frozen_value(number: int, indicator: str, period: str) -> FrozenValue | None:
    """Return an indicator's value as the newest edition with this number that holds it froze it."""
    found = edition_of(number, indicator=indicator, period=period)
    if found is None:
        return None
    view, snapshot = found
    figure = snapshot.figure(indicator, period)
    place = reverse("reports:report", kwargs={"programme": view.programme, "year": view.year})
    return FrozenValue(
        edition=view.number,
        quantity=figure.quantity if figure and figure.state != "missing" else None,
        taken_at=snapshot.taken_at,
        published_at=view.published_at,
        url=f"{place}?edition={view.number}",
    )


def edition_snapshot(programme: str, year: int, *, number: int | None = None) -> Snapshot:
    """Return what an edition froze; raise Refusal `unknown_edition`."""
    return from_data(json.loads(_required(programme, year, number=number).snapshot))


def edition_file(programme: str, year: int, *, language: str, form: str, number: int | None = None) -> bytes:
    """Return the bytes of an edition's file; raise Refusal `unknown_edition`."""
    row = _required(programme, year, number=number)
    found = (
        EditionFile.objects.filter(edition=row, language=language, form=form).values_list("content").first()
    )
    if found is None:
        raise Refusal("unknown_edition", _("This edition has no such file."))
    return bytes(found[0])


def edition_view(row: Edition) -> EditionView:
    """Return a row as the door hands it out."""
    files = row.files.all() if _is_prefetched(row) else row.files.defer("content")
    return EditionView(
        programme=row.programme,
        year=row.year,
        number=row.number,
        hash=row.hash,
        languages=tuple(row.languages.split()),
        published_at=row.published_at,
        published_by=row.published_by,
        differences=tuple(Difference(**change) for change in row.differences),
        files=_views(list(files)),
    )


def _views(files: Sequence[EditionFile]) -> tuple[FileView, ...]:
    order = {"docx": 0, "pdf": 1, "html": 2, "json": 3}
    ordered = sorted(files, key=lambda file: (file.language != "ru", file.language, order.get(file.form, 9)))
    return tuple(FileView(one.language, one.form, one.name, one.sha256, one.size) for one in ordered)


def _files() -> "models.Prefetch[str]":
    return models.Prefetch("files", queryset=EditionFile.objects.defer("content"))


def _is_prefetched(row: Edition) -> bool:
    return "files" in getattr(row, "_prefetched_objects_cache", {})


def _of(programme: str, year: int) -> "models.QuerySet[Edition]":
    return Edition.objects.filter(programme=programme, year=year)


def _row(programme: str, year: int, *, number: int | None) -> Edition | None:
    found = _of(programme, year).order_by("-number")
    return found.filter(number=number).first() if number is not None else found.first()


def _required(programme: str, year: int, *, number: int | None) -> Edition:
    row = _row(programme, year, number=number)
    if row is None:
        raise Refusal("unknown_edition", _("This edition does not exist."))
    return row
