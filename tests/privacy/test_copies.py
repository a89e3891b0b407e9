"""What is held on a person is found whole, in every personal field, and handed to nobody else."""

import datetime as dt
import io
import json
import zipfile

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from communities.models import AccountRequest, AllianceMember, ImportRow, Organisation, RegistryImport
from grants.models import (
    Application,
    ApplicationVersion,
    AwardVersion,
    BatchPayment,
    Handover,
    Instalment,
    Letter,
    PaymentBatch,
    PaymentImport,
    PaymentImportRow,
    PresentationSession,
    ReceiptReading,
    RosterRow,
    StoredEvaluation,
    Voucher,
)
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import ContactCode, IdentityChange, Invitation, User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.files.services import check, store
from miaoli_kaohsiung.lib import clock, sealed
from miaoli_kaohsiung.notices.models import Delivery, LineEvent, Reach
from miaoli_kaohsiung.privacy import copies, holdings, register
from tests.factories.accounts import KAOHSIUNG, PostFactory, UserFactory, person
from tests.factories.communities import OrganisationFactory
from tests.factories.evaluation import a_round
from tests.factories.notices import notice
from tests.files import samples

from .records import NAME, RECORDS, at

pytestmark = pytest.mark.django_db
DAY = dt.date(2010, 5, 1)
NUMBER = "A123456789"
HAS = {"name": NAME}


def everything():
    """A person with something in every personal field: an account, and a name in the records of associations."""
    made = {term: record(DAY) for term, record in RECORDS.items()}
    user = made["closed_account"]
    Reach.objects.filter(user=user).update(line_id="U1")
    _of_account(user, made)
    _of_cases(user, made)
    for body in Organisation.objects.all():
        PostFactory(user=user, role=Role.MEMBER, county=KAOHSIUNG, organisation_id=body.pk, office="staff")
    return User.objects.get(pk=user.pk)


def _of_account(user, made) -> None:
    Invitation.objects.update(user=user)
    IdentityChange.objects.update(user=user)
    made["reviewer"].__class__.objects.update(reviewer=user)
    apps.get_model("grants.Conflict").objects.update(person=user)
    EmailAddress.objects.create(user=user, email=user.email)
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    UserSession.objects.create(user=user, session_key="k", ip="192.0.2.1", user_agent="Firefox")
    ContactCode.objects.create(user=user, purpose="phone", address="0910000001", made_at=at(DAY))
    sent = notice(user, address=user.email)
    Delivery.objects.create(
        notice=sent, recipient=user, channel="sms", address="0910000001", text="請補正", made_at=at(DAY),
        next_attempt_at=at(DAY),
    )  # fmt: skip
    LineEvent.objects.create(event_id="e", kind="message", line_id="U1", text="你好", received_at=at(DAY))
    AccountRequest.objects.create(
        county=KAOHSIUNG, organisation_name="示範協會", person_name=NAME, office="staff", phone="1", email=user.email,
        facts={"phone": "1"}, requested_on=DAY, received_at=at(DAY),
    )  # fmt: skip
    with trail.unit_of_work(Actor(user)):
        trail.record("account.update", user, before={"phone": "1"}, after={"phone": "2"})
        store(check(SimpleUploadedFile("存摺.pdf", samples.pdf())), actor=Actor(user), purpose="x")
    Change.objects.update(subject=str(made["ended_office"].organisation_id))


def _of_cases(user, made) -> None:
    case: Application = made["case"]
    award, body = case.award, case.organisation
    Organisation.objects.filter(pk=body.pk).update(
        email=user.email, bank_account="1", bank_account_name=NAME, tax_id_reason="x", bank_name_reason="x"
    )
    listed = RegistryImport.objects.create(county=KAOHSIUNG, file_name="名單", sha256="0", made_by=user, made_on=DAY)
    ImportRow.objects.create(registry_import=listed, number=1, cells=[body.name, NAME], name=body.name)
    Handover.objects.create(
        county=KAOHSIUNG, organisation=body, giver_name=NAME, taker=user, taker_name=NAME, reason="改選", made_by=user,
        made_on=DAY,
    )  # fmt: skip
    ApplicationVersion.objects.create(
        application=case, number=9, token="0" * 32, snapshot=HAS, filed_on=DAY, filed_at=at(DAY), filed_by=user
    )
    StoredEvaluation.objects.create(
        application=case, stage="filed", on=DAY, at=at(DAY), ruleset="x", facts=HAS, result={}
    )
    AwardVersion.objects.create(
        award=award, number=9, on=DAY, by=user, total=1, starts_on=DAY, ends_on=DAY, contact=HAS
    )
    PresentationSession.objects.update(chair=NAME)
    Letter.objects.create(
        application=case, organisation=body, county=KAOHSIUNG, kind="approval", subject="x", context=HAS, originals=NAME,
        prepared_by=user, prepared_on=DAY,
    )  # fmt: skip
    entry = a_round().entries.get(organisation=body)
    indicator = entry.round.indicators.first()
    apps.get_model("evaluation.OwnMark").objects.create(entry=entry, indicator=indicator, words=f"{NAME}帶隊")
    photo = store(check(SimpleUploadedFile("x.pdf", samples.pdf())), actor=Actor(user), purpose="x")
    Voucher.objects.filter(payee=NAME, settlement=made["accounting"]).update(photo=photo)
    ReceiptReading.objects.create(photo=photo, own_tax_id="", found=HAS)
    _of_money(user, made)


def _of_money(user, made) -> None:
    case: Application = made["case"]
    award, body = case.award, case.organisation
    RosterRow.objects.update(sealed_id=sealed.seal(NUMBER), id_mark=sealed.mark_of(NUMBER))
    instalment = award.instalments.first()
    Instalment.objects.filter(pk=instalment.pk).update(bank_account="1", bank_account_name=NAME)
    batch = PaymentBatch.objects.create(county=KAOHSIUNG, year=2010, serial=1, number="1", made_by=user, made_on=DAY)
    BatchPayment.objects.create(
        batch=batch, instalment=instalment, position=1, amount=1, bank_code="1", bank_account="1",
        bank_account_name=NAME,
    )  # fmt: skip
    paid = PaymentImport.objects.create(county=KAOHSIUNG, file_name="x", sha256="0", made_by=user, made_on=DAY)
    PaymentImportRow.objects.create(payment_import=paid, number=1, texts=[NAME], instalment=instalment)
    AllianceMember.objects.create(alliance=made["coach"].alliance, organisation=body, invited_on=DAY)
    made["partner"].__class__.objects.update(organisation=body)


def test_each_model_of_the_register_has_its_way():
    assert set(holdings.WAYS) == {held.label for held in register.every()}


def test_every_personal_field_of_a_person_is_found():
    subject = holdings.of_account(everything())
    empty = []
    for held in register.every():
        rows = list(holdings.rows_of(subject, held.label))
        empty += [f"{held.label}.{name}" for name in held.names if not any(getattr(row, name) for row in rows)]
    assert empty == []


def test_the_copy_has_it_in_words_and_for_machines_and_no_seed():
    user = everything()
    content = copies.own(user, holdings.of_account(user))
    made = zipfile.ZipFile(io.BytesIO(content))
    assert made.namelist() == ["個人資料.html", "個人資料.json"]
    page = made.read("個人資料.html").decode()
    found = json.loads(made.read("個人資料.json"))
    assert [file.name for file in register.files()] == list(found)
    assert all(part["records"] for part in found.values())
    for text in (page, str(found)):
        assert NAME in text
        assert "A1234****9" in text
        assert NUMBER not in text
        assert "gAAAA" not in text
        assert sealed.mark_of(NUMBER) not in text
    entry = AuditEntry.objects.get(action="privacy.copy.own")
    assert entry.after == {file.code: len(found[file.name]["records"]) for file in register.files()}


def test_somebody_of_the_same_name_elsewhere_gets_nothing_of_it():
    everything()
    namesake = UserFactory(display_name=NAME)
    PostFactory(user=namesake, role=Role.MEMBER, organisation_id=OrganisationFactory().pk, office="staff")
    subject = holdings.of_account(namesake)
    found = {held.label for held in register.every() if list(holdings.rows_of(subject, held.label))}
    assert found == {"accounts.User"}


def test_a_person_downloads_their_own(client):
    user = person(Role.MEMBER, organisation_id=OrganisationFactory().pk, office="staff")
    client.force_login(user)
    assert "使用者帳號" in client.get(reverse("privacy:mine")).content.decode()
    answer = client.post(reverse("privacy:mine"))
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/zip", "private, no-store")
    page = zipfile.ZipFile(io.BytesIO(answer.content)).read("個人資料.html").decode()
    assert user.email in page


def test_an_officer_makes_it_for_somebody_who_was_paid(client):
    RECORDS["accounting"](DAY)
    RosterRow.objects.update(sealed_id=sealed.seal(NUMBER), id_mark=sealed.mark_of(NUMBER))
    client.force_login(person(Role.CASE_OFFICER))
    asked = {"name": NAME, "how": "看過身分證", "national_id": NUMBER, "login": ""}
    answer = client.post(reverse("privacy:copy"), asked)
    found = json.loads(zipfile.ZipFile(io.BytesIO(answer.content)).read("個人資料.json"))
    assert [row["姓名"] for row in found["單據與印領清冊的領款人"]["records"] if "姓名" in row] == [NAME]
    entry = AuditEntry.objects.get(action="privacy.copy.counter")
    assert entry.after == {"person": "陳○○", "identified_by": "看過身分證", "payees": 2}
    assert NUMBER not in str(list(AuditEntry.objects.values()))


def test_another_county_finds_nobody(client):
    RECORDS["ended_office"](DAY)
    client.force_login(person(Role.CASE_OFFICER, "miaoli"))
    answer = client.post(reverse("privacy:copy"), {"name": NAME, "how": "看過身分證"})
    assert answer.status_code == 422
    assert "本縣沒有這個人的資料" in answer.content.decode()
    assert not AuditEntry.objects.filter(action="privacy.copy.counter").exists()


def test_an_account_is_found_by_its_own_name_alone():
    user = RECORDS["closed_account"](DAY)
    PostFactory(user=user, role=Role.REVIEWER)
    assert holdings.of_name(NAME, KAOHSIUNG, login=user.username).user == user
    assert holdings.of_name("別人", KAOHSIUNG, login=user.username).user is None
    assert holdings.of_name(NAME, "miaoli", login=user.username).user is None
    assert clock.today() == dt.date(2010, 6, 1)
