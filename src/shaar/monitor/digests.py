"""The morning digest: the tiles as they stood at one moment, frozen, and the PDF that is made of them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.once import one_look
from shaar.monitor import declared, keeping
from shaar.monitor.board import city_score
from shaar.monitor.declared import Monitor
from shaar.monitor.models import Alert, Digest
from shaar.monitor.readings import READING, Reading
from shaar.monitor.showing import TileView, tile_view
from shaar.monitor.wording import moment
from shaar.reports.api import Document, Heading, Inlines, Paragraph, Table, WebLink, Words, render_pdf

URGENT = ("bad", "watch")
SILENT = ("stale", "no_data")


def make(*, now: datetime) -> Digest | None:
    """Freeze the morning of the day of a moment, once: a second asking returns the first one."""
    monitor = declared.monitor()
    if monitor is None:
        return None
    held = keeping.readings()
    document = {
        "tiles": {
            code: {"reading": READING.dump_python(reading, mode="json"), "changed_at": at.isoformat()}
            for code, (reading, at) in held.items()
        },
        "alerts": [one.document | {"rule": one.rule} for one in Alert.objects.filter(closed_at__isnull=True)],
    }
    made, _is_new = Digest.objects.get_or_create(
        day=clock.city_date(now), defaults={"document": document, "made_at": now}
    )
    return made


def pdf(day: date, *, language: str) -> bytes:
    """Return the digest of a day as PDF in a language; Refusal `unknown_digest`, `unknown_tile`."""
    found, monitor = Digest.objects.filter(day=day).first(), declared.monitor()
    if found is None or monitor is None:
        raise Refusal("unknown_digest", _("There is no digest of this day."))
    with override(language), one_look():
        return render_pdf(_document(found, monitor, language))


def _document(found: Digest, monitor: Monitor, language: str) -> Document:
    held = _frozen(found, monitor)
    views = {code: tile_view(monitor, reading, changed_at=at) for code, (reading, at) in held.items()}
    result = city_score(monitor, held)
    title = _("Morning digest of the city, %(day)s") % {"day": found.day.strftime("%d.%m.%Y")}
    score = str(result.score).replace(".", ",") if result.score is not None else _("too little can be judged")
    body: list[Any] = [
        _plain(_("Score of the city:") + f" {score}. " + monitor.score.label.of(language)),
        _plain(_("As of %(moment)s.") % {"moment": moment(found.made_at)}),
        *_section(
            "urgent",
            _("What needs attention"),
            [views[code] for code in _worst_first(held) if views[code].state in URGENT],
        ),
        *_alerts(found, monitor, language),
        *_section(
            "silent", _("Where data are missing or old"), [v for v in views.values() if v.state in SILENT]
        ),
    ]
    for block in monitor.blocks:
        tiles = [views[tile.code] for tile in block.tiles if tile.code in views]
        body += _section(block.code, block.name.of(language), tiles)
    return Document(
        title=title,
        language=language,
        author=str(_("Monitor of the city")),
        subject=title,
        made_at=found.made_at,
        body=tuple(body),
        annex=(),
    )


def _worst_first(held: Mapping[str, tuple[Reading, datetime]]) -> list[str]:
    """Return the tiles by the share of the target that they reach, the least first."""
    shares = {code: reading.share for code, (reading, _at) in held.items() if reading.share is not None}
    return sorted(shares, key=lambda code: (shares[code], code))


def _frozen(found: Digest, monitor: Monitor) -> dict[str, tuple[Reading, datetime]]:
    known = {tile.code for tile in monitor.tiles}
    return {
        code: (READING.validate_python(one["reading"]), datetime.fromisoformat(one["changed_at"]))
        for code, one in found.document["tiles"].items()
        if code in known
    }


def _section(anchor: str, title: str, tiles: Sequence[TileView]) -> list[Any]:
    if not tiles:
        return []
    header = (_("Indicator"), _("Value"), _("State"), _("Period"))
    rows = tuple(
        (
            (WebLink(one.name, f"{settings.SHAAR_PUBLIC_URL}{one.href}"),),
            _words(f"{one.value} {one.symbol}"),
            _words(one.words + (f", {one.share}" if one.share else "")),
            _words(one.period or "—"),
        )
        for one in tiles
    )
    return [Heading(1, title, anchor), Table(title, header, rows, (4, 2, 3, 2))]


def _alerts(found: Digest, monitor: Monitor, language: str) -> list[Any]:
    names = {rule.code: rule.name.of(language) for rule in monitor.alerts}
    open_ones = [names[one["rule"]] for one in found.document["alerts"] if one["rule"] in names]
    if not open_ones:
        return []
    return [Heading(1, _("Open alerts"), "alerts"), *(_plain(name) for name in open_ones)]


def _plain(text: str) -> Paragraph:
    return Paragraph(_words(text))


def _words(text: str) -> Inlines:
    return (Words(text.strip()),)
