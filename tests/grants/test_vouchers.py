"""One voucher at a time: sums of a line, who may change them and until when, doubles anywhere in the portal."""

import datetime as dt
import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from grants.models import Voucher
from grants.queries.settlements.figures import gaps
from grants.queries.settlements.vouchers import papers_in
from grants.services.settlements import reports, vouchers
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.communities import OrganisationFactory
from tests.factories.money import approved, county, member
from tests.files import samples
from tests.files.invoice_photos import left_text
from tests.files.test_looks import receipt
from tests.grants import settling
from tests.grants.papers import paper

from .vouchers import SELLER, an_entry, entered

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return county()


@pytest.fixture
def award(staff):
    return approved(staff=staff)


@pytest.fixture
def user(award):
    return member(award)


@pytest.fixture
def settlement(award, user):
    return settling.opened(award, user)


def first(settlement):
    return settlement.lines.get(line__position=1)


class TestSums:
    def test_the_line_is_the_sum_of_its_vouchers(self, settlement, user):
        reports.save(user, settlement, settling.report(settlement, 30_000, 5_000))
        row = entered(settlement, user, 1_200)
        entered(settlement, user, 800, payee="瓦斯行")
        assert (first(settlement).spent, first(settlement).vouchers) == (2_000, 2)
        # A figure typed beside them, as an older page does, does not count; one of a line without them does.
        reports.save(user, settlement, settling.report(settlement, 99_000, 6_000))
        assert [line.spent for line in settlement.lines.all()] == [2_000, 6_000]
        vouchers.change(user, row, an_entry(settlement, 1_500, place=2))
        assert [line.spent for line in settlement.lines.all()] == [800, 1_500]
        for row in Voucher.objects.all():
            vouchers.remove(user, row)
        assert [line.spent for line in settlement.lines.all()] == [None, None]

    def test_nothing_changes_once_it_was_handed_in(self, settlement, user):
        row = entered(settlement, user, 1_200)
        settling.hand_in(settlement, user, 1_200, 40_000)
        with pytest.raises(Refused, match="結報已送出"):
            entered(settlement, user, 300)
        with pytest.raises(Refused, match="結報已送出"):
            vouchers.change(user, row, an_entry(settlement, 5))
        with pytest.raises(Refused, match="結報已送出"):
            vouchers.remove(user, row)

    def test_another_body_is_refused(self, settlement, staff):
        for stranger in (member(approved()), staff.officer):
            with pytest.raises(Refused):
                entered(settlement, stranger, 1_200)

    @pytest.mark.parametrize("day", [dt.date(2010, 2, 28), dt.date(2010, 6, 2)])
    def test_a_day_outside_the_plan_is_refused(self, settlement, user, day):
        with pytest.raises(Refused, match="單據日期要在計畫執行期間"):
            entered(settlement, user, issued_on=day)

    def test_photos_stand_for_the_papers(self, settlement, user):
        lines = list(settlement.lines.select_related("line"))
        entered(settlement, user, 1_200, photo=paper())
        lines[0].refresh_from_db()
        assert papers_in(settlement, lines) == {"vouchers"}
        row = entered(settlement, user, 900, place=2, kind="roster", title="")
        lines[1].refresh_from_db()
        assert papers_in(settlement, lines) == set()
        assert "第 2 號單據還沒有照片。" in [gap.text for gap in gaps(settlement)]
        vouchers.change(user, row, an_entry(settlement, 900, place=2, kind="roster", title="", photo=paper()))
        assert papers_in(settlement, lines) == {"vouchers", "roster"}


class TestDoubles:
    """The same paper twice, in whatever case, body and county: explained, or not kept."""

    DOUBLES = (
        ({"kind": "invoice", "number": "AB12345678", "payee_tax_id": SELLER}, {"amount": 77, "payee_tax_id": ""}),
        ({"payee_tax_id": SELLER}, {"payee": "別的寫法"}),
    )

    @pytest.mark.parametrize(("fields", "other"), DOUBLES, ids=["number", "payee, day and amount"])
    def test_of_another_body_and_county_without_its_data(self, settlement, user, fields, other):
        elsewhere = approved(staff=county("miaoli"))
        theirs = settling.opened(elsewhere, member(elsewhere))
        entered(theirs, member(elsewhere), 1_200, purpose="別人的用途", payee="林老闆", **fields)
        mine = {"amount": 1_200, **fields, **other}
        with pytest.raises(vouchers.SameVoucherError, match="別的單位報過的一張單據") as double:
            entered(settlement, user, **mine)
        for hidden in (theirs.number, "林老闆", "別人的用途", elsewhere.application.organisation.name):
            assert hidden not in double.value.reason
        row = entered(settlement, user, **mine, same_reason="統一編號相同的分店")
        assert Voucher.objects.get(pk=row.pk).same_reason == "統一編號相同的分店"

    def test_of_the_same_account_is_named(self, settlement, user):
        entered(settlement, user, 1_200)
        with pytest.raises(vouchers.SameVoucherError, match="的第 1 號（99年5月3日，1,200 元）"):
            entered(settlement, user, 1_200)
        entered(settlement, user, 1_200, issued_on=dt.date(2010, 5, 4))

    @pytest.mark.parametrize("payee", ["旗山米行", "旗山　米行", "旗山米行。", "旗山米行　"])
    def test_of_a_seller_without_a_tax_id_in_another_case_of_the_body_however_written(self, staff, payee):
        body = OrganisationFactory()
        cases = [approved(staff=staff, organisation=body) for _case in range(2)]
        one, two = (settling.opened(award, member(award)) for award in cases)
        entered(one, member(cases[0]), 1_200)
        with pytest.raises(vouchers.SameVoucherError, match=f"{one.number} 的第 1 號"):
            entered(two, member(cases[1]), 1_200, payee=payee)
        entered(two, member(cases[1]), 1_201, payee=payee)
        entered(two, member(cases[1]), 1_200, payee="旗山米店")

    def test_a_name_alone_is_not_compared_with_other_bodies(self, settlement, user, staff):
        elsewhere = approved(staff=staff)
        entered(settling.opened(elsewhere, member(elsewhere)), member(elsewhere), 1_200, payee="計程車")
        entered(settlement, user, 1_200, payee="計程車")

    @pytest.mark.parametrize("number", ["AB12345678", "ab-12345678", "ＡＢ　１２３４５６７８", "Ab－12345678"])
    @pytest.mark.parametrize("kind", ["invoice", "receipt"])
    def test_an_invoice_in_an_odd_spelling_or_ticked_as_a_receipt(self, settlement, user, number, kind):
        entered(settlement, user, 1_200, kind="invoice", number="AB12345678", payee_tax_id=SELLER)
        again = {"payee": "別的寫法", "issued_on": dt.date(2010, 5, 9)}
        with pytest.raises(vouchers.SameVoucherError):
            entered(settlement, user, 900, kind=kind, number=number, **again)
        row = entered(settlement, user, 900, kind=kind, number="Ａ－１２", **again)
        assert row.number == "A-12"
        assert vouchers.change(user, row, an_entry(settlement, 900, kind=kind, number="Ａ－１２", **again)) == row

    def test_a_reason_given_in_advance_does_not_silence_the_next_one(self, settlement, user):
        invoice = {"kind": "invoice", "number": "AB12345678", "payee_tax_id": SELLER}
        row = entered(settlement, user, 1_200, same_reason="先寫好", **invoice)
        assert row.same_reason == ""
        # What a second window would write without looking, the database refuses.
        twin = Voucher.objects.get(pk=row.pk)
        twin.pk, twin.position = None, 9
        with pytest.raises(IntegrityError, match="voucher_invoice_once"), transaction.atomic():
            twin.save()
        twin.number = "CD12345678"
        with pytest.raises(IntegrityError, match="voucher_payee_day_amount_once"), transaction.atomic():
            twin.save()

    def test_the_race_is_lost_in_words(self, settlement, user, monkeypatch):
        invoice = {"kind": "invoice", "number": "AB12345678", "payee_tax_id": SELLER}
        entered(settlement, user, 1_200, **invoice)
        look, looked = vouchers.twins, []

        def late(facts, **kwargs):
            looked.append(facts)
            return look(facts, **kwargs).none() if len(looked) == 1 else look(facts, **kwargs)

        monkeypatch.setattr(vouchers, "twins", late)
        with pytest.raises(vouchers.SameVoucherError, match="的第 1 號"):
            entered(settlement, user, 1_200, **invoice)
        assert first(settlement).spent == 1_200


@pytest.mark.parametrize("text", ["", "AB12345678", left_text(day="0991303")])
def test_a_code_that_is_none_leaves_the_reading_to_the_server(settlement, user, text):
    client = Client()
    client.force_login(user)
    sent = {"photo": SimpleUploadedFile("a.jpg", samples.picture()), "code": text}
    page = client.post(reverse("grants:settlement_voucher_photo", args=[settlement.number]), sent, follow=True)
    assert (page.status_code, page.context["code"], page.context["form"]["number"].value()) == (200, None, None)


class TestForm:
    """At the very field, and nothing typed is lost."""

    def post(self, settlement, user, **fields):
        client = Client()
        client.force_login(user)
        data = {
            "line": str(first(settlement).pk), "kind": "receipt", "amount": "1,200", "issued_on": "99/5/3",
            "payee": "旗山米行", "title": "own", "purpose": "白米",
        } | fields  # fmt: skip
        return client.post(reverse("grants:settlement_voucher_add", args=[settlement.number]), data)

    @pytest.mark.parametrize(
        ("fields", "place", "words"),
        [
            ({"issued_on": "99/9/1"}, "issued_on", "計畫要延後，請先申請計畫變更"),
            ({"issued_on": "99/6/2"}, "issued_on", "不能晚於今天"),
            ({"amount": "1,200.5"}, "amount", "元"),
            ({"amount": "0"}, "amount", "至少要1元"),
            ({"payee_tax_id": "04595258"}, "payee_tax_id", "檢查碼不符"),
            ({"kind": "invoice", "payee_tax_id": SELLER, "number": "12345678"}, "number", "2個英文字母加8位數字"),
            ({"kind": "e_invoice", "number": "AB-12345678"}, "payee_tax_id", "發票上有店家的統一編號"),
            ({"title": ""}, "title", "請看單據上的買受人"),
            ({"title": "other"}, "note", "抬頭不是本單位"),
            ({"line": "999999"}, "line", ""),
            ({"payee": "\U0002b81d\ue000"}, "payee", ""),
        ],
    )
    def test_what_is_wrong_stands_at_its_field(self, settlement, user, fields, place, words):
        answer = self.post(settlement, user, **fields)
        form = answer.context["form"]
        assert (answer.status_code, list(form.errors)) == (422, [place])
        assert words in " ".join(form.errors[place])
        assert form["purpose"].value() == "白米"
        assert not Voucher.objects.exists()

    def test_a_title_that_the_law_refuses_names_the_clause(self, settlement, user):
        award = settlement.award
        award.lines.filter(position=1).update(item="admin_overhead")
        answer = self.post(settlement, user, title="other", note="寫成理事長")
        assert "收據抬頭要是" in str(answer.context["form"].errors["title"])
        assert "肆、六、3" in str(answer.context["form"].errors["title"])
        with pytest.raises(Refused, match="收據抬頭要是"):
            entered(settlement, user, title="other")
        assert self.post(settlement, user).status_code == 302
        assert first(settlement).proof == "own_title"

    def test_a_double_asks_and_keeps_the_explanation(self, settlement, user):
        entered(settlement, user, 1_200)
        answer = self.post(settlement, user)
        assert "同一筆支出不能報兩次" in str(answer.context["form"].errors["same_reason"])
        assert self.post(settlement, user, same_reason="同一天買兩次").status_code == 302
        assert Voucher.objects.get(position=2).same_reason == "同一天買兩次"

    def test_the_number_is_brought_to_one_form(self, settlement, user):
        self.post(settlement, user, kind="invoice", number="ａｂ-12345678", payee_tax_id=SELLER)
        assert Voucher.objects.get().number == "AB12345678"


def test_the_trail_tells_that_a_payee_changed_and_not_to_whom(settlement, user):
    row = entered(settlement, user, payee="甲商行")
    vouchers.change(user, row, an_entry(settlement, payee="乙商行"))
    change = AuditEntry.objects.get(action=vouchers.CHANGE)
    assert (change.before, change.after) == ({}, {"also": ["payee"]})


def a_photo(seed: int, *, width: int = 900, quality: int = 90) -> SimpleUploadedFile:
    out, photo = io.BytesIO(), receipt(seed)
    photo.resize((width, width * photo.height // photo.width)).save(out, "JPEG", quality=quality)
    return SimpleUploadedFile("發票.jpg", out.getvalue(), "image/jpeg")


def test_a_photo_sent_again_is_explained_whatever_was_typed(settlement, user):
    elsewhere = approved(staff=county("miaoli"))
    theirs = settling.opened(elsewhere, member(elsewhere))
    entered(theirs, member(elsewhere), 1_200, photo=a_photo(1))
    other = {"payee": "別家店", "issued_on": dt.date(2010, 5, 9)}
    with pytest.raises(vouchers.SameVoucherError, match="或它的照片和別的單位報過的一張單據一樣"):
        entered(settlement, user, 777, photo=a_photo(1, width=400, quality=60), **other)
    assert not settlement.voucher_rows.exists()
    entered(settlement, user, 777, photo=a_photo(2), **other)
    row = entered(settlement, user, 778, photo=a_photo(1, width=500), same_reason="照片拍到旁邊那一張", **other)
    # What was explained stays so when something else is put right; a photo of its own needs no word.
    vouchers.change(user, row, an_entry(settlement, 779, same_reason="照片拍到旁邊那一張", **other))
    changed = vouchers.change(user, row, an_entry(settlement, 779, photo=a_photo(3), **other))
    assert (changed.same_reason, len(changed.look)) == ("", 256)


class TestSentLater:
    """What waited on a device is entered once, however often it is sent, and is refused in words."""

    KEY = "6f1c2d34-0000-4000-8000-000000000001"

    def send(self, settlement, user, **fields):
        client = Client()
        client.force_login(user)
        data = {
            "line": str(first(settlement).pk), "kind": "receipt", "amount": "1,200", "issued_on": "99/5/3",
            "payee": "旗山米行", "title": "own", "purpose": "白米", "key": self.KEY,
        } | fields  # fmt: skip
        answer = client.post(reverse("grants:settlement_voucher_send", args=[settlement.number]), data)
        return answer.status_code, answer.json()

    def test_the_same_entry_is_entered_once_also_after_handing_in(self, settlement, user):
        saved = {"saved": {"number": 1, "amount": "1,200"}}
        assert self.send(settlement, user) == self.send(settlement, user) == (200, saved)
        settling.hand_in(settlement, user, 1_200, 0)
        assert self.send(settlement, user) == (200, saved)
        assert Voucher.objects.count() == 1
        status, answer = self.send(settlement, user, key="6f1c2d34-0000-4000-8000-000000000002", amount="5")
        assert (status, answer) == (409, {"message": "結報已送出，現在不能修改。要修改請聯絡縣府承辦人。"})

    def test_what_is_wrong_and_a_double_are_said(self, settlement, user):
        entered(settlement, user, 1_200, payee="旗山米行")
        assert self.send(settlement, user)[0] == 409
        assert "同一筆支出不能報兩次" in self.send(settlement, user)[1]["message"]
        status, answer = self.send(settlement, user, issued_on="99/9/1")
        assert (status, answer["message"].startswith("單據日期：單據日期要在計畫執行期間")) == (409, True)
        assert Voucher.objects.count() == 1

    def test_pressed_twice_is_one_and_gone_back_to_with_other_words_is_another(self, settlement, user):
        key = uuid.UUID(self.KEY)
        one = entered(settlement, user, 1_200, key=key)
        assert entered(settlement, user, 1_200, key=key) == one
        other = entered(settlement, user, 900, key=key, payee="別家")
        assert (other.entry_key, Voucher.objects.count()) == (None, 2)
        with pytest.raises(IntegrityError, match="voucher_entry_key_once"), transaction.atomic():
            Voucher.objects.filter(pk=other.pk).update(entry_key=key)

    def test_the_worker_reaches_the_settlements_alone(self, client):
        answer = client.get(reverse("grants:voucher_worker"))
        assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert reverse("grants:voucher_worker").rpartition("/")[0] == "/settlements"
