"""Receiving a file, returning it, and removing stored bytes that no row points to.

Only what passed `check` is ever stored; the caller of `response` checks who may read a stored file.
"""

import base64
import hashlib
import logging
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, TypeAlias

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext as _

from miaoli_kaohsiung.lib import clock, undo
from miaoli_kaohsiung.lib.access import Refused

from . import messages, sandbox, scanning, temporary
from .gate import KINDS, Found
from .gate import Refused as RefusedByGate
from .models import StoredFile

log = logging.getLogger(__name__)

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
_SHOWN_INLINE = {CONTENT_TYPES["pdf"], CONTENT_TYPES["jpeg"], CONTENT_TYPES["png"]}
_ROOM = "private"
_NAME_LENGTH = 120
# Long enough for every transaction that stores a file to have ended.
_ORPHAN_AGE = timedelta(days=1)
# The purpose of a file that was sent on choosing and belongs to no form yet.
HELD = "held"
_HELD_AGE = timedelta(days=3)
MOST_HELD = 60


class _HasUser(Protocol):
    """What is needed of an actor: audit.trail.Actor, without importing that package."""

    @property
    def user(self) -> Any: ...


@dataclass
class Checked:
    """An upload that passed the gate, in a temporary folder that is deleted with this object."""

    name: str
    found: Found
    path: Path
    size: int
    sha256: str
    folder: TemporaryDirectory[str]
    scan: str = StoredFile.Scan.NOT_ASKED

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.found.kind]

    @property
    def note(self) -> str:
        """What was done to the file, for its sender; "" if it is kept as it arrived."""
        return messages.note(self.found)


@dataclass(frozen=True)
class Held:
    """A file that passed the gate when it was chosen, and waits for its form."""

    pk: uuid.UUID
    name: str
    size: int
    content_type: str


# What may be kept: as it arrived, as it passed the gate, or as it waits for its form.
Upload: TypeAlias = "UploadedFile[Any] | Checked | Held"


def check(upload: "UploadedFile[Any]", kinds: tuple[str, ...] = KINDS) -> Checked:
    """Pass an upload through the gate. Raises ValidationError with one sentence for its sender."""
    if upload.size is None or upload.size > settings.MAX_UPLOAD_BYTES:
        raise ValidationError(messages.too_big(upload.size or 0, settings.MAX_UPLOAD_BYTES), code="too_big")
    folder = TemporaryDirectory(prefix=temporary.PREFIX, dir=settings.FILE_UPLOAD_TEMP_DIR)
    source, rewritten = Path(folder.name, "source"), Path(folder.name, "rewritten")
    with source.open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    try:
        found = sandbox.inspect(source, rewritten, kinds)
    except RefusedByGate as refused:
        folder.cleanup()
        raise ValidationError(messages.refusal(refused.code, kinds), code=refused.code) from refused
    path = rewritten if found.rewritten else source
    name, scan = _clean_name(upload.name, found.kind), _scanned(upload.name or "", {source, path}, folder)
    return Checked(name, found, path, path.stat().st_size, sha256_of(path), folder, scan)


def _scanned(name: str, paths: set[Path], folder: "TemporaryDirectory[str]") -> StoredFile.Scan:
    """Return what the scanner says of an upload, as it arrived and as it would be kept. Raises ValidationError for a virus."""
    if not scanning.configured():
        return StoredFile.Scan.NOT_ASKED
    try:
        for path in sorted(paths):
            with path.open("rb") as file:
                virus = scanning.virus_in(file)
            if virus:
                scanning.report(name, sha256_of(path), virus)
                folder.cleanup()
                raise ValidationError(messages.INFECTED, code="infected")
    except scanning.ScannerDownError as error:
        log.warning("the scanner does not answer: %s", error)
        return StoredFile.Scan.WAITING
    return StoredFile.Scan.CLEAN


def store(upload: Upload, *, actor: _HasUser, purpose: str = "", kinds: tuple[str, ...] = KINDS) -> StoredFile:
    """Store an upload (or what CheckedFileField made of it) and return its row. Raises ValidationError as `check` does,
    Refused for a held file of somebody else or of another form.

    Inside trail.unit_of_work the bytes are removed again if the unit fails; `sweep_orphans` finds what a crash leaves
    behind.
    """
    if isinstance(upload, Held):
        return _take_held(upload, actor, purpose)
    checked = upload if isinstance(upload, Checked) else check(upload, kinds)
    key = uuid.uuid4()
    path = f"{_ROOM}/{checked.sha256[:2]}/{checked.sha256[2:4]}/{key}"
    with transaction.atomic(), undo.on_exception(), checked.path.open("rb") as file:
        undo.remember(lambda: default_storage.delete(path))
        default_storage.save(path, File(file))
        return StoredFile.objects.create(
            id=key,
            name=checked.name,
            content_type=checked.content_type,
            size=checked.size,
            sha256=checked.sha256,
            path=path,
            purpose=purpose,
            pages=checked.found.pages,
            width=checked.found.width,
            height=checked.found.height,
            uploaded_by=actor.user,
            uploaded_at=clock.now(),
            scan=checked.scan,
            scanned_at=clock.now() if checked.scan == StoredFile.Scan.CLEAN else None,
        )


def hold(upload: "UploadedFile[Any] | Checked", *, actor: _HasUser, kinds: tuple[str, ...] = KINDS) -> Held:
    """Hold an upload under its sender's name until its form is sent; deleted after three days. Raises ValidationError."""
    if StoredFile.objects.filter(purpose=HELD, uploaded_by=actor.user).count() >= MOST_HELD:
        raise ValidationError(_("您有太多選了還沒送出的檔案。請先送出，或明天再試。"), code="too_many_held")
    return _as_held(store(upload, actor=actor, purpose=HELD, kinds=kinds))


def held(token: str) -> Held | None:
    """Return the held file of this token; None if there is none, or if its form was sent already."""
    try:
        key = uuid.UUID(token)
    except ValueError:
        return None
    row = StoredFile.objects.filter(pk=key, purpose=HELD).first()
    return _as_held(row) if row else None


def _as_held(row: StoredFile) -> Held:
    return Held(row.pk, row.name, row.size, row.content_type)


def _take_held(waiting: Held, actor: _HasUser, purpose: str) -> StoredFile:
    """Store the held file; if two forms carry the same one, the first gets it."""
    mine = StoredFile.objects.filter(pk=waiting.pk, purpose=HELD, uploaded_by=actor.user)
    if not mine.update(purpose=purpose):
        raise Refused(_("找不到剛才選的檔案，請回上一頁再選一次。"))
    return StoredFile.objects.get(pk=waiting.pk)


def keep(data: bytes, name: str, *, content_type: str, actor: _HasUser, purpose: str = "") -> StoredFile:
    """Store bytes that the portal itself made (an issued letter, a print file) and return their row."""
    key, digest = uuid.uuid4(), hashlib.sha256(data).hexdigest()
    path = f"{_ROOM}/{digest[:2]}/{digest[2:4]}/{key}"
    with transaction.atomic(), undo.on_exception():
        undo.remember(lambda: default_storage.delete(path))
        default_storage.save(path, ContentFile(data))
        return StoredFile.objects.create(
            id=key,
            name=name,
            content_type=content_type,
            size=len(data),
            sha256=digest,
            path=path,
            purpose=purpose,
            uploaded_by=actor.user,
            uploaded_at=clock.now(),
        )


def response(stored: StoredFile, *, inline: bool = False) -> FileResponse:
    """Return the file as a download, or shown in the browser if `inline` is asked for and safe. The caller checks
    permission first. Raises Refused for a file that waits for the scanner, or in which it found a virus.
    """
    require_open(stored)
    shown = inline and stored.content_type in _SHOWN_INLINE
    try:
        file = default_storage.open(stored.path)
    except FileNotFoundError as error:
        log.exception("stored file %s has no bytes at %s", stored.pk, stored.path)
        raise Http404(_("這個檔案目前讀不到，請通知系統管理者。")) from error
    answer = FileResponse(file, as_attachment=not shown, filename=stored.name, content_type=stored.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    # Browsers show no PDF inside a sandbox; its own viewer runs apart from the page in any case.
    sandboxed = "" if shown and stored.content_type == CONTENT_TYPES["pdf"] else "; sandbox"
    # Browsers style the page of a single picture themselves; a picture has no other styles.
    styled = "; style-src 'unsafe-inline'" if shown and stored.content_type.startswith("image/") else ""
    answer["Content-Security-Policy"] = f"default-src 'none'; frame-ancestors 'self'{styled}{sandboxed}"
    return answer


def require_open(stored: StoredFile) -> None:
    """Raise Refused unless the scanner let the file through, or was never asked."""
    if stored.scan == StoredFile.Scan.WAITING:
        raise Refused(_("這個檔案還在檢查有沒有病毒，檢查好才能打開。請過幾分鐘再試。"))
    if stored.scan == StoredFile.Scan.INFECTED:
        raise Refused(_("這個檔案驗出病毒，不能打開。請申請單位重新上傳乾淨的檔案。"))


def data_address(stored: StoredFile) -> str:
    """Return the bytes of a picture as a data: address, for a document that is made of it. Raises Refused as `response`."""
    require_open(stored)
    with default_storage.open(stored.path) as file:
        return f"data:{stored.content_type};base64,{base64.b64encode(file.read()).decode('ascii')}"


def made_pdf(data: bytes, name: str) -> HttpResponse:
    """Return a PDF that was made for this request and is not kept, shown in the browser. The caller checks permission
    first.
    """
    answer = HttpResponse(data, content_type=CONTENT_TYPES["pdf"])
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def sweep_held() -> int:
    """Delete files whose form was never sent and return how many; `sweep_orphans` removes their bytes."""
    removed, _rows = StoredFile.objects.filter(purpose=HELD, uploaded_at__lt=clock.now() - _HELD_AGE).delete()
    return removed


def discard(stored: StoredFile) -> None:
    """Delete a file that nothing refers to any more, with its bytes once the transaction has succeeded."""
    path = stored.path
    stored.delete()
    transaction.on_commit(lambda: default_storage.delete(path))


def sweep_orphans() -> int:
    """Remove stored bytes older than a day that no row points to (a crash between writing and commit). Returns how many."""
    limit = clock.now() - _ORPHAN_AGE
    removed = 0
    for path in _stored_paths(_ROOM):
        if default_storage.get_modified_time(path) < limit and not StoredFile.objects.filter(path=path).exists():
            default_storage.delete(path)
            removed += 1
    return removed


def _stored_paths(folder: str) -> list[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    paths = [f"{folder}/{name}" for name in files]
    for name in folders:
        paths += _stored_paths(f"{folder}/{name}")
    return paths


def _clean_name(name: str | None, kind: str) -> str:
    """Return the sender's name for the file, without folders, control and direction characters, with the ending of its
    content.
    """
    last = unicodedata.normalize("NFC", (name or "").replace("\\", "/")).rsplit("/", 1)[-1]
    visible = "".join(char for char in last if unicodedata.category(char)[0] != "C" and char not in '<>:"|?*')
    stem, dot, ending = visible.strip(" .").rpartition(".")
    allowed = {"jpeg": {"jpg", "jpeg"}}.get(kind, {kind})
    if not dot or ending.casefold() not in allowed:
        stem, ending = visible.strip(" ."), {"jpeg": "jpg"}.get(kind, kind)
    return f"{stem[:_NAME_LENGTH] or _('檔案')}.{ending}"


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of the bytes at the path, as rows of stored files have it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
