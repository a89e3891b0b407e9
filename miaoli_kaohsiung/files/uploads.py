"""Reads an upload from the network without ever holding more of it than may be kept."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class QuotaUploadHandler(FileUploadHandler):
    """The first of FILE_UPLOAD_HANDLERS: bytes of a file beyond MAX_UPLOAD_BYTES are counted and dropped as they
    arrive.

    The request is read to its end, because browsers show no answer to a form that was cut off; the field then says how
    large the file was, and everything else that was typed is there. Such a file in FILES has that `size` and no
    content.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self._seen += len(raw_data)
        return None if self._seen > settings.MAX_UPLOAD_BYTES else raw_data

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        if self._seen <= settings.MAX_UPLOAD_BYTES:
            return None
        return UploadedFile(BytesIO(), self.file_name, self.content_type, self._seen, self.charset)
