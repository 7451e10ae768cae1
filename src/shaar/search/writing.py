"""Puts documents into the search and takes them out, in the caller's transaction."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import md5
from itertools import islice

from django.db import connection, transaction

from shaar.search.models import Entry
from shaar.search.outcomes import Document
from shaar.search.sources import source, sources
from shaar.search.words import fold, kyrgyz_vector

AT_ONCE = 2_000
LONGEST_BODY = 20_000  # characters by which a document is found; the rest is left out

COLUMNS = (
    "key", "url", "title_ru", "title_ky", "title_en", "body_ru", "body_ky", "body_en",
    "audience", "unit", "territory", "digest",
)  # fmt: skip
FOLDED = ("title_ru", "title_en", "body_ru", "body_en")
PUT = f"""
    INSERT INTO search_entry (kind, weight, {", ".join(COLUMNS)}, vector)
    SELECT %(kind)s, %(weight)s, {", ".join(f"row.{name}" for name in COLUMNS)},
        setweight(to_tsvector('russian', row.folded_title_ru), 'A')
        || setweight(to_tsvector('russian', row.folded_body_ru), 'C')
        || setweight(to_tsvector('english', row.folded_title_en), 'A')
        || setweight(to_tsvector('english', row.folded_body_en), 'C')
        || row.kyrgyz::tsvector
    FROM unnest({", ".join(f"%({name})s::text[]" for name in COLUMNS)},
        {", ".join(f"%(folded_{name})s::text[]" for name in FOLDED)}, %(kyrgyz)s::text[])
        AS row ({", ".join(COLUMNS)}, {", ".join(f"folded_{name}" for name in FOLDED)}, kyrgyz)
    ON CONFLICT (kind, key) DO UPDATE SET
        weight = excluded.weight, {", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])},
        vector = excluded.vector
    WHERE search_entry.digest <> excluded.digest OR search_entry.weight <> excluded.weight
"""  # noqa: S608 - names of columns only


def put(kind: str, documents: Iterable[Document]) -> int:
    """Add documents of a kind or bring them up to date; return how many changed.

    Two documents of one key in a call: the later one counts. LookupError for a kind that is not registered.
    """
    weight = source(kind).weight
    changed, rest = 0, iter(documents)
    with transaction.atomic():
        while batch := list(islice(rest, AT_ONCE)):
            unique = {one.key: one for one in batch}
            with connection.cursor() as cursor:
                cursor.execute(PUT, {"kind": kind, "weight": weight, **_columns(list(unique.values()))})
                changed += cursor.rowcount
    return changed


def drop(kind: str, keys: Iterable[str]) -> int:
    """Take documents out of the search; return how many there were."""
    return Entry.objects.filter(kind=kind, key__in=list(keys)).delete()[0]


def refresh(kind: str) -> int:
    """Bring a kind to what its source says, dropping what it says no more; return how many changed."""
    if (documents := source(kind).documents) is None:
        return 0
    seen: set[str] = set()

    def noted() -> Iterator[Document]:
        for one in documents():
            seen.add(one.key)
            yield one

    with transaction.atomic():
        changed = put(kind, noted())
        return changed + Entry.objects.filter(kind=kind).exclude(key__in=seen).delete()[0]


def refresh_all() -> int:
    """Bring every kind to what its source says, forget kinds that are no more; return how many changed."""
    known = sources()
    with transaction.atomic():
        gone = Entry.objects.exclude(kind__in=[one.kind for one in known]).delete()[0]
        return gone + sum(refresh(one.kind) for one in known)


def _columns(documents: Sequence[Document]) -> dict[str, list[str]]:
    rows = [_row(one) for one in documents]
    folded = {f"folded_{name}": [fold(row[name]) for row in rows] for name in FOLDED}
    kyrgyz = [kyrgyz_vector(row["title_ky"], row["body_ky"]) for row in rows]
    return {name: [row[name] for row in rows] for name in COLUMNS} | folded | {"kyrgyz": kyrgyz}


def _row(document: Document) -> dict[str, str]:
    title, body = document.title, document.body
    row = {
        "key": document.key, "url": document.url, "title_ru": title.ru, "title_ky": title.ky,
        "title_en": title.en, "body_ru": body.ru, "body_ky": body.ky, "body_en": body.en,
        "audience": document.audience, "unit": document.unit, "territory": document.territory,
    }  # fmt: skip
    clean = {name: value.replace("\x00", "")[:LONGEST_BODY] for name, value in row.items()}
    together = "\x1f".join(clean.values()).encode()
    return clean | {"digest": md5(together, usedforsecurity=False).hexdigest()}
