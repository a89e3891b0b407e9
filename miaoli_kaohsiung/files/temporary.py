"""The folders in which uploads wait for the gate. Each is deleted with its request; those of killed workers are swept."""

import os
import shutil
import tempfile
import time
from pathlib import Path

from django.conf import settings

PREFIX = "upload-"
# No request lives that long.
_SECONDS = 60 * 60


def folder() -> Path:
    """Return the folder in which the folders are made."""
    return Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir())


def sweep() -> int:
    """Remove this user's folders that are older than any request. Returns how many."""
    removed = 0
    for path in folder().glob(f"{PREFIX}*"):
        try:
            found = path.lstat()
            ours = found.st_uid == os.geteuid() and path.is_dir() and not path.is_symlink()
        except FileNotFoundError:
            continue
        if ours and found.st_mtime < time.time() - _SECONDS:
            shutil.rmtree(path, ignore_errors=True)
            removed += 1
    return removed
