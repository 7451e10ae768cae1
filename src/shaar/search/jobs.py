"""Background entries: a kind is brought up to date, and the words of titles are counted anew."""

from django.db import connection

from shaar.kernel.jobs import defer, periodic, task
from shaar.search import writing
from shaar.search.words import CODES, CYRILLIC

COUNT = """
    WITH counted AS (
        SELECT word, ndoc FROM ts_stat(
            'SELECT to_tsvector(''simple'', translate(concat_ws('' '', title_ru, title_ky, title_en),'
            ' ''ёңөүЁҢӨҮ'', ''еноуеноу'')) FROM search_entry WHERE audience = '''''
        ) WHERE length(word) BETWEEN 3 AND 60
    ), gone AS (
        DELETE FROM search_word WHERE letters NOT IN (SELECT word FROM counted)
    )
    INSERT INTO search_word (letters, code, titles)
    SELECT word, translate(word, %s, %s), ndoc FROM counted
    ON CONFLICT (letters) DO UPDATE SET titles = excluded.titles WHERE search_word.titles <> excluded.titles
"""


@task("search.refresh")
def refresh(*, kind: str) -> None:
    """Bring a kind to what its source says."""
    if writing.refresh(kind):
        count_words()


@periodic("search.refresh_all", cron="10 * * * *")
def refresh_all() -> None:
    """Bring every kind to what its source says: what is in force changes with the day."""
    writing.refresh_all()


@periodic("search.count_words", cron="40 * * * *")
def count_words() -> None:
    """Count the words of the titles that everyone may see, by which misspelt words are put right.

    Words of other titles stay out: a correction must not tell what a record is called.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [CYRILLIC, CODES])


def changed(kind: str) -> None:
    """Have a kind brought up to date after the caller's transaction; never fails for what it would put."""
    defer("search.refresh", kind=kind)
