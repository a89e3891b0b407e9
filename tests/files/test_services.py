import datetime as dt
import hashlib
import os
import time
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from miaoli_kaohsiung.audit.trail import Actor, unit_of_work
from miaoli_kaohsiung.files import services, tasks, temporary
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import UserFactory

from . import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return Actor(UserFactory(), "高雄縣 承辦人")


def upload(data: bytes = b"", name: str = "領據.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or samples.pdf(2))


def stored_paths() -> list[Path]:
    return [path for path in Path(default_storage.location).rglob("*") if path.is_file()]


def test_a_file_is_kept_with_its_facts(actor):
    data = samples.pdf(2)
    stored = services.store(upload(data), actor=actor, purpose="receipt")
    stored.refresh_from_db()
    assert (stored.name, stored.content_type, stored.size) == ("領據.pdf", "application/pdf", len(data))
    assert (stored.sha256, stored.pages, stored.purpose) == (hashlib.sha256(data).hexdigest(), 2, "receipt")
    assert stored.uploaded_by == actor.user
    assert abs(clock.now() - stored.uploaded_at) < dt.timedelta(minutes=1)
    assert stored.path == f"private/{stored.sha256[:2]}/{stored.sha256[2:4]}/{stored.pk}"
    (path,) = stored_paths()
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (data, 0o600)


def test_a_picture_is_kept_as_it_was_written_anew(actor):
    stored = services.store(upload(samples.photo_with_place(), "照片.JPG"), actor=actor)
    kept = default_storage.open(stored.path).read()
    assert (stored.name, stored.width, stored.height, stored.size) == ("照片.JPG", 40, 60, len(kept))
    assert stored.sha256 == hashlib.sha256(kept).hexdigest()
    assert b"Secret" not in kept


def test_the_same_file_twice_is_two_files(actor):
    first, second = (services.store(upload(), actor=actor) for _ in range(2))
    assert first.path != second.path
    assert len(stored_paths()) == 2


def test_a_program_named_pdf_is_refused_in_words(actor):
    with pytest.raises(ValidationError) as error:
        services.store(upload(samples.PROGRAM), actor=actor)
    assert error.value.messages == [
        "這個檔案是程式（執行檔），不是文件或照片，不能上傳。請改傳 PDF、JPEG、PNG、ODT、ODS、Word、HEIC 檔。"
    ]
    assert (StoredFile.objects.count(), stored_paths()) == (0, [])


def test_the_limit_is_exact(actor, settings):
    data = samples.pdf()
    settings.MAX_UPLOAD_BYTES = len(data)
    assert services.store(upload(data), actor=actor).size == len(data)
    settings.MAX_UPLOAD_BYTES = len(data) - 1
    with pytest.raises(ValidationError, match="超過上限"):
        services.store(upload(data), actor=actor)


def test_only_the_kinds_asked_for(actor):
    with pytest.raises(ValidationError, match="請改傳 JPEG、PNG、HEIC 檔。"):
        services.store(upload(), actor=actor, kinds=("jpeg", "png"))


def test_a_unit_that_fails_takes_the_bytes_with_it(actor):
    with pytest.raises(ZeroDivisionError), unit_of_work(actor):
        services.store(upload(), actor=actor)
        assert len(stored_paths()) == 1
        raise ZeroDivisionError
    assert (StoredFile.objects.count(), stored_paths()) == (0, [])


def test_a_row_that_cannot_be_written_takes_the_bytes_with_it(actor, monkeypatch):
    monkeypatch.setattr(StoredFile.objects, "create", lambda **values: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        services.store(upload(), actor=actor)
    assert stored_paths() == []


def test_no_temporary_file_stays_behind(actor, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    services.store(upload(), actor=actor)
    with pytest.raises(ValidationError):
        services.store(upload(samples.PROGRAM), actor=actor)
    assert list(settings.FILE_UPLOAD_TEMP_DIR.iterdir()) == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("領據.pdf", "領據.pdf"),
        ("領據.PDF", "領據.PDF"),
        ("領據", "領據.pdf"),
        ("領據.exe", "領據.exe.pdf"),
        ("C:\\Users\\x\\領據.pdf", "領據.pdf"),
        ("a\u202efdp.exe", "afdp.exe.pdf"),
        ("a\r\nb\x00c.pdf", "abc.pdf"),
        ('<b>"a".pdf', "ba.pdf"),
        (".pdf", "pdf.pdf"),
        ("...", "檔案.pdf"),
        ("長" * 300 + ".pdf", "長" * 120 + ".pdf"),
    ],
)
def test_names_are_cleaned(sent, kept):
    assert services._clean_name(sent, "pdf") == kept


@pytest.mark.parametrize(("sent", "kept"), [("a.jpg", "a.jpg"), ("a.JPEG", "a.JPEG"), ("a.png", "a.png.jpg")])
def test_a_picture_ends_as_its_content_demands(sent, kept):
    assert services._clean_name(sent, "jpeg") == kept


def test_a_download_is_private_and_inert(actor):
    data = samples.pdf(2)
    answer = services.response(services.store(upload(data), actor=actor))
    assert b"".join(answer.streaming_content) == data
    assert dict(answer.headers) == {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(data)),
        "Content-Disposition": "attachment; filename*=utf-8''%E9%A0%98%E6%93%9A.pdf",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'self'; sandbox",
    }


@pytest.mark.parametrize(
    ("data", "name", "disposition", "sandboxed"),
    [
        (samples.pdf(), "a.pdf", 'inline; filename="a.pdf"', False),
        (samples.picture(), "a.jpg", 'inline; filename="a.jpg"', True),
        (samples.odf(), "a.odt", 'attachment; filename="a.odt"', True),
    ],
)
def test_shown_in_the_browser_only_where_that_is_safe(actor, data, name, disposition, sandboxed):
    answer = services.response(services.store(upload(data, name), actor=actor), inline=True)
    assert answer["Content-Disposition"] == disposition
    assert answer["Content-Security-Policy"].endswith("; sandbox") is sandboxed


def test_a_picture_alone_is_set_by_the_browser_and_holds_nothing_that_runs(actor):
    """Chromium shows a picture in a page of its own making, with styles in its tags."""
    answer = services.response(services.store(upload(samples.picture(), "a.jpg"), actor=actor), inline=True)
    policy = "default-src 'none'; frame-ancestors 'self'; style-src 'unsafe-inline'; sandbox"
    assert answer["Content-Security-Policy"] == policy


def test_lost_bytes_are_not_a_crash(actor, caplog):
    stored = services.store(upload(), actor=actor)
    default_storage.delete(stored.path)
    with pytest.raises(Http404, match="通知系統管理者"):
        services.response(stored)
    assert str(stored.pk) in caplog.text


def test_the_sweep_removes_old_bytes_without_a_row_and_nothing_else(actor):
    assert tasks.sweep() == 0
    kept, lost, fresh = (services.store(upload(), actor=actor) for _ in range(3))
    StoredFile.objects.exclude(pk=kept.pk).delete()
    two_days_ago = clock.now().timestamp() - 2 * 86400
    for stored in (kept, lost):
        os.utime(default_storage.path(stored.path), (two_days_ago, two_days_ago))
    assert tasks.sweep() == 1
    assert [default_storage.exists(stored.path) for stored in (kept, lost, fresh)] == [True, False, True]


def test_what_killed_workers_left_is_swept(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    old, young, other = (tmp_path / name for name in ("upload-old", "upload-young", "else"))
    for folder in (old, young, other):
        folder.mkdir()
        (folder / "source").write_bytes(b"private")
    long_ago = time.time() - 3700
    for folder in (old, other):
        os.utime(folder, (long_ago, long_ago))
    assert temporary.sweep() == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["else", "upload-young"]
