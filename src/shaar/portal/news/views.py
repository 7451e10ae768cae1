"""The public pages of news: a list with filters, one article, its files, feeds for readers of news."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from django.views.decorators.http import require_safe

from shaar.access.api import public
from shaar.cases import api as cases
from shaar.city import api as city
from shaar.kernel import clock
from shaar.portal.models import Article, ArticleFile, ArticleKind, ArticleState
from shaar.portal.news import queries
from shaar.portal.news.forms import KINDS
from shaar.portal.pack import kept_words
from shaar.ui.markdown import html, plain

PER_PAGE, IN_FEED, SUMMARY = 20, 30, 200
FEEDS = {"atom": Atom1Feed, "rss": Rss201rev2Feed}


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show published news, narrowed by kind, district, year and words."""
    wanted, asked = _wanted(request), request.GET
    page = Paginator(queries.published(wanted), PER_PAGE).get_page(asked.get("page"))
    context = {
        "page": page,
        "rows": rows(list(page.object_list)),
        "wanted": wanted,
        "kinds": KINDS.items(),
        "districts": queries.districts(),
        "years": queries.years(),
        "is_narrowed": wanted != queries.Wanted(),
    }
    return render(request, "portal/news/index.html", context)


@public
@require_safe
def article(request: HttpRequest, number: int) -> HttpResponse:
    """Show one published article; one that was withdrawn says so with 410."""
    row = Article.objects.select_related("unit").filter(pk=number).exclude(state=ArticleState.DRAFT).first()
    if row is None:
        raise Http404
    if row.state == ArticleState.WITHDRAWN:
        return render(request, "portal/news/withdrawn.html", {"article": row}, status=410)
    return render(request, "portal/news/article.html", shown(row))


@public
@require_safe
def article_file(_request: HttpRequest, number: int, file: int) -> HttpResponseBase:
    """Send a file of a published article; a picture is shown, all else is saved."""
    row = ArticleFile.objects.filter(
        article_id=number, file=file, article__state=ArticleState.PUBLISHED
    ).first()
    if row is None:
        raise Http404
    kept = cases.file(file)
    answer = FileResponse(
        cases.open_file(file),
        as_attachment=not row.is_picture,
        filename=kept.name,
        content_type=row.media_type,
    )
    answer["Cache-Control"] = "public, max-age=3600"
    answer["ETag"] = f'"{kept.sha256[:32]}"'
    return answer


@public
@require_safe
def feed(request: HttpRequest, language: str, form: str) -> HttpResponse:
    """Send the newest news as Atom or RSS in a language."""
    if language not in dict(settings.LANGUAGES) or form not in FEEDS:
        raise Http404
    root = str(settings.SHAAR_PUBLIC_URL).rstrip("/")
    with override(language):
        made = FEEDS[form](
            title=f"{kept_words().name.of(language)}: {_('News and notices')}",
            link=f"{root}{reverse('portal:news')}",
            description=_("News and notices"),
            language=language,
            feed_url=f"{root}{request.path}",
        )
        for row in queries.published(_wanted(request))[:IN_FEED]:
            made.add_item(
                title=row.title.of(language),
                link=f"{root}{reverse('portal:article', args=[row.pk])}",
                description=html(row.body.of(language)),
                unique_id=f"{root}{reverse('portal:article', args=[row.pk])}",
                pubdate=row.published_at,
                updateddate=row.changed_at,
                categories=[str(KINDS[ArticleKind(row.kind)])],
            )
    answer = HttpResponse(made.writeString("utf-8"), content_type=f"application/{form}+xml; charset=utf-8")
    answer["Cache-Control"] = "public, max-age=300"
    return answer


def shown(row: Article) -> dict[str, Any]:
    """Return what the page of an article shows."""
    files = list(row.files.order_by("pk"))
    names = queries.district_names(row.districts)
    return {
        "article": row,
        "kind": KINDS[ArticleKind(row.kind)],
        "unit": unit_name(row),
        "districts": [names[code] for code in row.districts if code in names],
        "pictures": [one for one in files if one.is_picture],
        "files": [one for one in files if not one.is_picture],
    }


def unit_name(row: Article) -> object:
    """Return how the unit of an article was called on its day, its code where it had no name."""
    found = {one.code: one.name for one in city.units(on=row.day)}
    return found.get(row.unit.code) or {one.code: one.name for one in city.units(on=clock.today())}.get(
        row.unit.code, row.unit.code
    )


def rows(found: list[Article]) -> list[dict[str, Any]]:
    """Return articles as a list shows them."""
    names = queries.district_names(code for row in found for code in row.districts)
    return [
        {
            "article": row,
            "about": " · ".join(
                [
                    str(KINDS[ArticleKind(row.kind)]),
                    *(str(names[code]) for code in row.districts if code in names),
                ]
            ),
            "summary": plain(str(row.body), most=SUMMARY),
            "tag": pgettext("of a notice", "urgent") if row.is_urgent else "",
        }
        for row in found
    ]


def _wanted(request: HttpRequest) -> queries.Wanted:
    asked = request.GET
    year = asked.get("year", "")
    known = {one.code for one in queries.districts()}
    return queries.Wanted(
        kind=asked.get("kind", "") if asked.get("kind") in KINDS else "",
        district=asked.get("district", "") if asked.get("district") in known else "",
        words=asked.get("q", "").replace("\x00", "").strip()[:100],
        year=int(year) if year.isascii() and year.isdigit() and 1990 <= int(year) <= 2100 else None,
    )
