"""Ranges of a file as RFC 9110 section 14 has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shaar.maps.ranges import RangeRefused, Span, span_of


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", Span(0, 0)),
        ("bytes=0-99", Span(0, 99)),
        ("bytes=90-200", Span(90, 99)),
        ("bytes=90-", Span(90, 99)),
        ("bytes=-10", Span(90, 99)),
        ("bytes=-1000", Span(0, 99)),
        ("", None),
        ("bytes=", None),
        ("bytes=-", None),
        ("bytes=5-2", None),
        ("bytes=a-b", None),
        ("bytes=٣-٤", None),
        ("lines=1-2", None),
    ],
)
def test_a_range_is_read(header: str, span: Span | None) -> None:
    assert span_of(header, size=100) == span


@pytest.mark.parametrize(
    "header", ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=0-1,5-6", "bytes=0-0,-1"]
)
def test_a_range_outside_the_file_and_several_ranges_are_refused(header: str) -> None:
    with pytest.raises(RangeRefused):
        span_of(header, size=100)


@given(st.text(max_size=30), st.integers(0, 10**12))
def test_whatever_is_asked_no_byte_outside_the_file_is_named(words: str, size: int) -> None:
    try:
        span = span_of(f"bytes={words}", size=size)
    except RangeRefused:
        return
    assert span is None or 0 <= span.first <= span.last < size
