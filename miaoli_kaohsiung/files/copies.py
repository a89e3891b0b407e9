"""A kept file as one of this machine, for the readers in processes of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.files.storage import default_storage

from .models import StoredFile


@contextmanager
def on_disk(stored: StoredFile) -> Iterator[Path]:
    """Yield the file itself, or, where the storage is elsewhere, a copy that lasts as long as the block. Raises
    FileNotFoundError.
    """
    try:
        kept = default_storage.path(stored.path)
    except NotImplementedError:
        kept = ""
    if kept:
        yield Path(kept)
        return
    with default_storage.open(stored.path) as file, NamedTemporaryFile() as copy:
        for part in file.chunks():
            copy.write(part)
        copy.flush()
        yield Path(copy.name)
