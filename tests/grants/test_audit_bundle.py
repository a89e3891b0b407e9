"""The bundle of a case holds all of it as of a day and is checked far from the portal: one changed byte is found."""

import csv
import datetime as dt
import hashlib
import io
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

from grants.models import Document
from grants.queries.audit.as_of import as_of
from grants.services.audit import bundles
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.services import seal_audit
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.files.services import keep
from miaoli_kaohsiung.lib import clock, pdf
from tests.factories import money
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of
from tests.grants.filing import filed_case
from tests.grants.settling import paid_first
from tests.grants.test_views_proofs import _issued

pytestmark = pytest.mark.django_db
PROOFS = Path(settings.BASE_DIR) / "static" / "proofs"


@pytest.fixture
def case(monkeypatch):
    monkeypatch.setattr(pdf, "render", lambda html, **_more: b"%PDF-1.7 " + html.encode())
    organisation = OrganisationFactory()
    return filed_case(organisation, chair_of(organisation))


def bundle(client, case, day="", who=None):
    client.force_login(who or person(Role.AUDITOR))
    return client.get(f"/audit/cases/{case.number}/bundle.zip{day}")


def unpacked(answer, folder):
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as packed:
        assert packed.testzip() is None
        packed.extractall(folder / "bundle")
    return folder / "bundle"


def checked(folder, *code):
    """What the script says, run as anybody runs it."""
    ran = subprocess.run(
        [sys.executable, "-B", folder / "check_bundle.py", *code], capture_output=True, text=True, check=False
    )
    return ran.returncode, (ran.stdout + ran.stderr).strip()


def sums_of(folder):
    return hashlib.sha256((folder / "SHA256SUMS").read_bytes()).hexdigest()


def table(folder, name):
    return list(csv.reader(io.StringIO((folder / "tables" / f"{name}.csv").read_text("utf-8-sig"))))


def attached(case, name="場地同意書.pdf", data=b"%PDF-1.7 paper"):
    file = keep(data, name, content_type="application/pdf", actor=Actor(None))
    return Document.objects.create(
        application=case, kind="other", file=file, added_by=case.created_by, added_on=clock.today()
    )


def test_all_of_the_case_is_there_and_holds(client, case, tmp_path, monkeypatch):
    attached(case)
    letter = _issued(case, monkeypatch)
    monkeypatch.setattr(pdf, "render", lambda html, **_more: b"%PDF-1.7 " + html.encode())
    seal = seal_audit()
    answer = bundle(client, case)
    assert answer["Content-Disposition"] == f'attachment; filename="case-{case.number}-2010-06-01.zip"'
    folder = unpacked(answer, tmp_path)
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    uploads = {row[0] for row in table(folder, "files")[1:] if row[0]}
    assert names == uploads | {
        "README.txt", "case.pdf", "SHA256SUMS", "heads.txt", "check_bundle.py", "check_proof.py",
        *(f"tables/{name}.csv" for name in ("lines", "decisions", "ledger", "trail", "files")),
        f"letters/letter-{letter.pk}.pdf", "proofs/filing-1.json", f"proofs/letter-{letter.pk}.json",
    }  # fmt: skip
    assert any(name.endswith("場地同意書.pdf") for name in uploads)
    assert (folder / f"letters/letter-{letter.pk}.pdf").read_bytes() == b"%PDF-1.7 the letter"
    assert seal.mark in (folder / "heads.txt").read_text()
    assert checked(folder) == (0, f"檔案包完整 {len(names) - 1} 個檔案\n核對碼 {sums_of(folder)}")


@pytest.mark.parametrize("place", range(6))
def test_one_changed_byte_is_found(client, case, tmp_path, place):
    attached(case)
    seal_audit()
    folder = unpacked(bundle(client, case), tmp_path)
    names = ["case.pdf", "tables/trail.csv", "proofs/filing-1.json", "heads.txt", "README.txt"]
    names.append(next(path.relative_to(folder).as_posix() for path in (folder / "files").iterdir()))
    path = folder / names[place]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    code, said = checked(folder)
    assert (code, f"改過了 {names[place]}" in said) == (1, True)


def test_a_file_too_many_or_too_few_is_found(client, case, tmp_path):
    folder = unpacked(bundle(client, case), tmp_path)
    (folder / "tables" / "ledger.csv").rename(folder / "tables" / "other.csv")
    assert checked(folder) == (1, "少了 tables/ledger.csv\n多了 tables/other.csv")


def test_whoever_also_writes_the_sums_is_found_by_the_proof(client, case, tmp_path):
    seal_audit()
    folder = unpacked(bundle(client, case), tmp_path)
    proof = folder / "proofs" / "filing-1.json"
    before = hashlib.sha256(proof.read_bytes()).hexdigest()
    proof.write_text(proof.read_text("utf-8").replace("讓長輩走出家門", "讓長輩留在家裡"), "utf-8")
    sums = folder / "SHA256SUMS"
    sums.write_text(sums.read_text("utf-8").replace(before, hashlib.sha256(proof.read_bytes()).hexdigest()), "utf-8")
    assert checked(folder) == (1, "proofs/filing-1.json：內容和紀錄不符")


def test_a_bundle_of_which_all_was_written_anew_is_found_by_the_trail(client, case, tmp_path):
    auditor = person(Role.AUDITOR)
    answer = bundle(client, case, who=auditor)
    assert not AuditEntry.objects.filter(action="read.bundle").exists()
    folder = unpacked(answer, tmp_path)
    noted = AuditEntry.objects.get(action="read.bundle")
    assert noted.after == {"on": "2010-06-01", "sha256": sums_of(folder)}
    assert (noted.case, noted.actor, noted.post_label != "") == (case.number, auditor, True)
    assert checked(folder, noted.after["sha256"])[0] == 0
    # Somebody changes a table and writes the sums anew: alone the bundle is whole, and the trail knows better.
    table, sums = folder / "tables" / "lines.csv", folder / "SHA256SUMS"
    before = hashlib.sha256(table.read_bytes()).hexdigest()
    table.write_bytes(table.read_bytes() + b"x")
    sums.write_text(sums.read_text().replace(before, hashlib.sha256(table.read_bytes()).hexdigest()))
    assert checked(folder)[0] == 0
    said = checked(folder, noted.after["sha256"])
    assert said == (1, f"SHA256SUMS 不是下載時的那一份：核對碼是 {sums_of(folder)}")
    page = client.get(f"/audit/cases/{case.number}/").content.decode()
    assert (noted.after["sha256"] in page, sums_of(folder) in page, str(auditor) in page) == (True, False, True)


def test_a_bundle_that_was_broken_off_has_no_entry_and_cannot_be_opened(case):
    parts = bundles.made(person(Role.AUDITOR), case, as_of(case, clock.today()))
    taken = [next(parts) for _piece in range(3)]
    parts.close()
    assert not AuditEntry.objects.filter(action="read.bundle").exists()
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(b"".join(taken)))


def test_what_came_after_the_day_is_left_out(client, case, tmp_path):
    with clock.travel(clock.today() + dt.timedelta(days=1)):
        attached(case)
        after = unpacked(bundle(client, case), tmp_path / "after")
        before = unpacked(bundle(client, case, "?day=99/6/1"), tmp_path / "before")
    assert [[row[2] for row in table(folder, "files")[1:]].count("場地同意書.pdf") for folder in (before, after)] == [
        0,
        1,
    ]
    assert (checked(before)[0], checked(after)[0]) == (0, 0)


def test_the_tables_are_those_of_the_day(client, monkeypatch, tmp_path):
    monkeypatch.setattr(pdf, "render", lambda html, **_more: b"%PDF-1.7")
    people = money.county()
    award = money.approved(staff=people)
    paid_first(award, people)
    folder = unpacked(bundle(client, award.application), tmp_path)
    paid = award.instalments.get(number=1).amount
    assert [row[2:6] for row in table(folder, "ledger")[1:] if row[2] == "撥付"] == [
        ["撥付", "1", str(paid), str(people.cashier)]
    ]
    entries = AuditEntry.objects.filter(case=award.number).exclude(action__startswith="read.").order_by("seq")
    assert [row[6] for row in table(folder, "trail")[1:]] == list(entries.values_list("hash", flat=True))


def test_what_nobody_may_open_is_listed_and_left_out(client, case, tmp_path):
    infected = attached(case)
    StoredFile.objects.filter(pk=infected.file_id).update(scan=StoredFile.Scan.INFECTED)
    folder = unpacked(bundle(client, case), tmp_path)
    rows = {row[2]: (row[0], row[5]) for row in table(folder, "files")[1:]}
    assert rows["場地同意書.pdf"] == ("", "驗出病毒")
    assert checked(folder)[0] == 0


def test_it_is_noted_and_for_the_auditor_of_the_county(client, case):
    answer = bundle(client, case)
    noted = AuditEntry.objects.latest("seq")
    assert (noted.action, noted.case, noted.after["file_name"]) == (
        "read.file", case.number, f"case-{case.number}-2010-06-01.zip",
    )  # fmt: skip
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert bundle(client, case, who=person(Role.AUDITOR, "miaoli")).status_code == 404
    assert bundle(client, case, who=person(Role.APPROVER)).status_code == 403


def test_a_day_before_the_case_and_a_machine_without_pdf_are_said(client, case, monkeypatch):
    page = f"/audit/cases/{case.number}/"
    assert bundle(client, case, "?day=99/5/1").url == page
    assert bundle(client, case, "?day=abc").url == f"{page}?day=abc"

    def missing(html, **_more):
        raise pdf.UnavailableError("no fonts")

    monkeypatch.setattr(pdf, "render", missing)
    client.force_login(person(Role.AUDITOR))
    answer = client.get(f"{page}bundle.zip", follow=True)
    assert "不能製作 PDF" in answer.content.decode()
    assert "下載檔案包" in client.get(page).content.decode()


def test_no_more_than_a_piece_is_held(case, monkeypatch):
    """Eight large files cost no more memory than one."""
    size = 4 * 1024 * 1024
    data = hashlib.shake_128(b"noise").digest(size)
    for n in range(8):
        attached(case, f"{n}.pdf", data + str(n).encode())
    parts = bundles.made(person(Role.AUDITOR), case, as_of(case, clock.today()))
    tracemalloc.start()
    total = sum(len(part) for part in parts)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total > 8 * size
    assert peak < size


def test_the_script_stays_short_and_asks_for_nothing():
    source = (PROOFS / "check_bundle.py").read_text("utf-8")
    assert len(source.splitlines()) <= 50
    assert {line.split()[1] for line in source.splitlines() if line.startswith("import ")} == {
        "hashlib",
        "sys",
        "check_proof",
    }
