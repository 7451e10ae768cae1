"""What of the portal is searched by everyone: published news, and the text pages."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from shaar.kernel.texts import LANGUAGES, Text
from shaar.portal.news import queries
from shaar.portal.news.services import NEWS
from shaar.portal.pages import texts
from shaar.search.api import Document, Source, register
from shaar.ui.markdown import plain


def register_sources() -> None:
    """Make the kinds known; called from AppConfig.ready."""
    register(Source(NEWS, _("News and notices"), 5, news))
    register(Source(texts.PAGES, _("Text pages"), 4, pages))


def news() -> Iterator[Document]:
    """Yield every published article."""
    for row in queries.published().iterator(chunk_size=500):
        yield Document(str(row.pk), reverse("portal:article", args=[row.pk]), row.title, _plain(row.body))


def pages() -> Iterator[Document]:
    """Yield every text page."""
    for code, title in texts.TITLES.items():
        names = []
        for language in LANGUAGES:
            with override(language):
                names.append(str(title))
        yield Document(code, reverse(f"portal:{code}"), Text(*names), _plain(texts.page(code).body))


def _plain(text: Text) -> Text:
    return Text(*(plain(getattr(text, language)) for language in LANGUAGES))
