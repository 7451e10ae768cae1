"""Single byte ranges of a file as RFC 9110 section 14 has them; several ranges in one request are refused."""

import re
from dataclasses import dataclass

RANGE = re.compile(r"bytes=\s*(\d*)\s*-\s*(\d*)\s*", re.ASCII)


class RangeRefused(Exception):
    """The asked range cannot be given: it lies outside the file, or more than one is asked."""


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last byte of a part, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """Return the number of bytes."""
        return self.last - self.first + 1


def span_of(header: str, *, size: int) -> Span | None:
    """Return the asked part of a file of `size` bytes; None for a header that is to be ignored."""
    if not header.startswith("bytes="):
        return None
    if "," in header:
        raise RangeRefused
    match = RANGE.fullmatch(header)
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        return _suffix(int(match[2]), size)
    first, last = int(match[1]), int(match[2]) if match[2] else size - 1
    if match[2] and last < first:
        return None
    if first >= size:
        raise RangeRefused
    return Span(first, min(last, size - 1))


def _suffix(length: int, size: int) -> Span:
    if not length or not size:
        raise RangeRefused
    return Span(max(0, size - length), size - 1)
