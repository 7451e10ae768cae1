"""Stops a file that is being sent as soon as it is larger than anything that is taken, field by field."""

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from shaar.cases.files import FileLimits


class LimitedUpload(FileUploadHandler):
    """Drops the rest of a file once it is too large: what was written of it goes, other fields stay."""

    limit = FileLimits().size

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.oversized: set[str] = set()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass a block on to the next handler while the file is not too large."""
        if start + len(raw_data) > self.limit:
            self.oversized.add(str(self.field_name))
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the finished file to the next handler."""


def oversized(request: HttpRequest) -> frozenset[str]:
    """Return the fields of a sent form whose file was dropped because it was too large."""
    found = (one.oversized for one in request.upload_handlers if isinstance(one, LimitedUpload))
    return frozenset(name for names in found for name in names)
