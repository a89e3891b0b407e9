"""The law's own programs as one file: what a reader's browser, or anybody's Python, reckons with."""

import io
import zipfile
from functools import cache

from django.conf import settings

# Plain Python without any package: tests hold that nothing else is needed.
PARTS = (
    "grants/__init__.py",
    "grants/rules/**/*.py",
    "grants/rules/**/*.toml",
    "miaoli_kaohsiung/__init__.py",
    "miaoli_kaohsiung/lib/__init__.py",
    "miaoli_kaohsiung/lib/money.py",
    "miaoli_kaohsiung/lib/roc_date.py",
    "miaoli_kaohsiung/lib/text.py",
)
# The same sources make the same bytes: no file has a time of its own.
WRITTEN = (2010, 1, 8, 0, 0, 0)


@cache
def engine_file() -> bytes:
    """Return the sources as a ZIP, as they run in this process."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted({path for part in PARTS for path in settings.BASE_DIR.glob(part)}):
            name = path.relative_to(settings.BASE_DIR).as_posix()
            packed.writestr(zipfile.ZipInfo(name, WRITTEN), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()
