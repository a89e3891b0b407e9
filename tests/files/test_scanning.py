"""Uploads are put to the scanner of viruses before anybody can open them; while it is down they wait, closed."""

import datetime as dt
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grants.models import Document
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files import scanning, services, tasks
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.files.pages import page_picture
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import UserFactory, person
from tests.factories.communities import OrganisationFactory, chair_of
from tests.grants.filing import ready_case

from . import clamd, samples

pytestmark = pytest.mark.django_db

REFUSAL = "這個檔案驗出病毒，沒有收下。請用掃毒軟體檢查您的電腦，再重新製作檔案上傳。"
NOWHERE = "127.0.0.1:9"


@pytest.fixture
def scanner(settings):
    with clamd.scanning() as (scanner, place):
        settings.CLAMD = place
        yield scanner


@pytest.fixture
def actor():
    return Actor(UserFactory())


def infected() -> bytes:
    """A PDF that passes the gate and carries the signature."""
    place = "X" * len(clamd.EICAR)
    data = samples.pdf(1, lambda writer: writer.add_metadata({"/Title": place}))
    return data.replace(place.encode(), clamd.EICAR)


def upload(data: bytes = b"", name: str = "領據.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or samples.pdf(1))


def test_what_is_clean_is_kept_and_opens(scanner, actor):
    data = samples.pdf(1)
    stored = services.store(upload(data), actor=actor)
    assert (stored.scan, stored.closed_words, stored.scanned_at is not None) == ("clean", "", True)
    assert b"".join(services.response(stored).streaming_content) == data
    assert scanner.seen == [data]


def test_a_photo_is_scanned_as_it_came_and_as_it_is_kept(scanner, actor):
    data = samples.photo_with_place()
    stored = services.store(upload(data, "照片.jpg"), actor=actor)
    kept = b"".join(services.response(stored).streaming_content)
    assert sorted(scanner.seen) == sorted({data, kept})


def test_a_virus_is_refused_with_one_sentence_and_nothing_is_kept(scanner, actor):
    with pytest.raises(ValidationError) as refused:
        services.store(upload(infected()), actor=actor)
    assert (refused.value.messages, StoredFile.objects.count()) == ([REFUSAL], 0)


def test_it_stands_in_the_trail_under_its_sender(client, scanner):
    user = person(Role.CASE_OFFICER)
    client.force_login(user)
    answer = client.post(reverse("upload-hold"), {"file": upload(infected()), "kinds": "pdf"})
    assert (answer.status_code, answer.json()) == (422, {"message": REFUSAL})
    entry = AuditEntry.objects.get(action="file.infected")
    assert (entry.actor, entry.object_id) == (user, str(user.pk))
    assert (entry.after["name"], entry.after["virus"]) == ("領據.pdf", "Eicar-Test-Signature")


# --- The scanner is down ---------------------------------------------------------------------------------------------------


def waiting(settings, actor, data: bytes = b"") -> StoredFile:
    settings.CLAMD = NOWHERE
    stored = services.store(upload(data), actor=actor)
    assert stored.scan == "waiting"
    return stored


@pytest.mark.parametrize("opened", [services.response, services.data_address, lambda file: page_picture(file, 1)])
def test_while_it_is_down_nobody_opens_the_file(settings, actor, opened):
    stored = waiting(settings, actor)
    with pytest.raises(Refused, match="還在檢查有沒有病毒"):
        opened(stored)


def test_without_an_answer_it_goes_on_waiting_even_if_the_setting_is_gone(settings, actor):
    stored = waiting(settings, actor)
    assert tasks.scan() == 0
    settings.CLAMD = ""
    assert tasks.scan() == 0
    with pytest.raises(Refused):
        services.response(StoredFile.objects.get(pk=stored.pk))


def test_the_job_asks_again_and_the_file_opens(settings, actor):
    stored = waiting(settings, actor)
    with clamd.scanning() as (_scanner, settings.CLAMD):
        assert (tasks.scan(), tasks.scan()) == (1, 0)
    stored.refresh_from_db()
    assert (stored.scan, services.response(stored).status_code) == ("clean", 200)


def test_the_job_finds_a_virus_and_the_file_stays_closed(settings, actor):
    stored = waiting(settings, actor, infected())
    with clamd.scanning() as (_scanner, settings.CLAMD):
        assert tasks.scan() == 1
    stored.refresh_from_db()
    assert stored.closed_words == "驗出病毒"
    with pytest.raises(Refused, match="驗出病毒，不能打開"):
        services.response(stored)
    entry = AuditEntry.objects.get(action="file.infected")
    assert (entry.actor, entry.object_id) == (actor.user, str(stored.pk))


@pytest.mark.parametrize("said", ["INSTREAM size limit exceeded. ERROR", "", "stream: "])
def test_an_answer_that_says_neither_yes_nor_no_keeps_it_closed(scanner, actor, said, monkeypatch):
    monkeypatch.setattr(scanner, "answer", lambda data: said)
    assert services.store(upload(), actor=actor).scan == "waiting"


def test_the_case_says_beside_the_paper_that_it_is_checked(client, settings):
    organisation = OrganisationFactory()
    chair = chair_of(organisation)
    case = ready_case(organisation, chair)
    stored = waiting(settings, Actor(chair))
    document = Document.objects.create(
        application=case, kind="application_form", file=stored, added_by=chair, added_on=clock.today()
    )
    client.force_login(chair)
    assert "還在檢查有沒有病毒" in client.get(reverse("grants:application_detail", args=[case.number])).content.decode()
    answer = client.get(reverse("grants:application_document", args=[case.number, document.pk]))
    assert (answer.status_code, "請過幾分鐘再試" in answer.content.decode()) == (403, True)


# --- The line to it --------------------------------------------------------------------------------------------------------


def test_a_socket_of_this_machine_does_as_well(settings, tmp_path):
    with clamd.scanning(str(tmp_path / "clamd.ctl")) as (_scanner, settings.CLAMD):
        scanning.ping()
        assert (scanning.virus_in(BytesIO(b"clean")), scanning.virus_in(BytesIO(clamd.EICAR))) == (
            "",
            "Eicar-Test-Signature",
        )


def test_a_large_file_goes_in_pieces(scanner):
    data = bytes(range(256)) * 1024
    assert scanning.virus_in(BytesIO(data)) == ""
    assert scanner.seen == [data]


def test_a_scanner_that_says_something_else_is_not_there(scanner):
    scanner.said = "220 mail.example ESMTP"
    with pytest.raises(scanning.ScannerDownError):
        scanning.ping()


def test_without_the_setting_nothing_is_asked(actor):
    stored = services.store(upload(), actor=actor)
    assert (stored.scan, services.response(stored).status_code) == ("", 200)


# --- ClamAV itself ---------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("clamd") is None, reason="clamd is not installed")
def test_clamav_itself_finds_it_by_a_signature_of_our_own(settings, actor, tmp_path):
    Path(tmp_path, "own.ndb").write_text(f"Eicar-Test-Signature:0:*:{clamd.EICAR.hex()}\n")
    place = tmp_path / "clamd.ctl"
    config = tmp_path / "clamd.conf"
    config.write_text(f"LocalSocket {place}\nDatabaseDirectory {tmp_path}\nForeground yes\nLogVerbose no\n")
    with subprocess.Popen(["clamd", f"--config-file={config}"], stdout=subprocess.DEVNULL) as server:
        try:
            settings.CLAMD = str(place)
            _wait_for(server)
            stored = services.store(upload(), actor=actor)
            assert (stored.scan, services.response(stored).status_code) == ("clean", 200)
            with pytest.raises(ValidationError, match="驗出病毒"):
                services.store(upload(infected()), actor=actor)
        finally:
            server.terminate()


def _wait_for(server: subprocess.Popen[bytes]) -> None:
    end = clock.now() + dt.timedelta(seconds=60)
    while clock.now() < end:
        try:
            scanning.ping()
        except scanning.ScannerDownError:
            with pytest.raises(subprocess.TimeoutExpired):
                server.wait(0.2)
        else:
            return
    pytest.fail("clamd did not start")
