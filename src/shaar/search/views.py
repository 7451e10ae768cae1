"""The page of the search, and the short list that opens while a person types."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shaar.access.api import actor_of, public
from shaar.search.outcomes import EMPTY
from shaar.search.reading import RANKED, find
from shaar.search.sources import sources

PAGE = 20
SUGGESTED = 8
LONGEST = 200  # characters of a question


@public
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what the asked words find, a page at a time, narrowed to one kind where that is asked."""
    words = request.GET.get("q", "").strip()[:LONGEST]
    kind = request.GET.get("kind", "")
    known = {one.kind for one in sources()}
    asked = request.GET.get("page", "1")
    number = min(int(asked), RANKED // PAGE) if asked.isdecimal() and int(asked) > 0 else 1
    actor = actor_of(request)
    found = find(words, actor=actor, limit=PAGE, offset=(number - 1) * PAGE)
    total = found.total
    shown = found
    if kind in known:
        shown = find(words, actor=actor, kinds=[kind], limit=PAGE, offset=(number - 1) * PAGE)
    pages = Paginator(range(shown.total), PAGE)
    context = {
        "query": words,
        "kind": kind if kind in known else "",
        "found": shown,
        "kinds": found.kinds,
        "total": total,
        "pages": pages.get_page(number),
    }
    return render(request, "search/search.html", context)


@public
@never_cache
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Return the best few as a fragment for the window that Ctrl-K opens."""
    words = request.GET.get("q", "").strip()[:LONGEST]
    is_asked = len(words) > 1
    found = find(words, actor=actor_of(request), limit=SUGGESTED, is_typing=True) if is_asked else EMPTY
    return render(request, "search/suggest.html", {"query": words, "found": found, "is_asked": is_asked})
