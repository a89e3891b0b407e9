"""Print on receipts: read by a worker of its own where it is switched on, offered as a guess, never taken unseen."""

import json
from contextlib import nullcontext
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from grants.models import ReceiptReading, Voucher
from grants.services.settlements import readings
from grants.tasks import read_receipts
from miaoli_kaohsiung.files import text_reader, texts
from miaoli_kaohsiung.files.models import StoredFile
from tests.factories.communities import OrganisationFactory
from tests.factories.money import approved, member
from tests.files import samples
from tests.grants import settling

pytestmark = pytest.mark.django_db
LINES = ["旗山米行", "99年5月3日", "統一編號 12345675", "合計 1,200 元"]


@pytest.fixture
def settlement():
    award = approved(organisation=OrganisationFactory(tax_id="04595257"))
    return settling.opened(award, member(award))


@pytest.fixture
def rung(monkeypatch):
    bells = []
    monkeypatch.setattr(readings.current_app, "send_task", bells.append)
    return bells


def sends_a_photo(settlement):
    client = Client()
    client.force_login(member(settlement.award))
    sent = {"photo": SimpleUploadedFile("a.jpg", samples.picture(size=(300, 200)))}
    answer = client.post(reverse("grants:settlement_voucher_photo", args=[settlement.number]), sent)
    return client, answer["Location"]


def test_without_the_setting_nobody_reads(settlement, rung):
    client, url = sends_a_photo(settlement)
    assert client.get(url).context["reading"] is None
    assert (rung, ReceiptReading.objects.count()) == ([], 0)


def test_the_guess_is_shown_and_taken_only_when_somebody_says_so(settlement, rung, settings, monkeypatch):
    settings.OCR = True
    monkeypatch.setattr(readings, "lines_of", lambda stored: LINES)
    client, url = sends_a_photo(settlement)
    assert "正在讀照片上印的字" in client.get(url).content.decode()
    assert rung == [readings.READ_TASK]
    assert (read_receipts(), read_receipts()) == (1, 0)
    page = client.get(url)
    for words in ("可能猜錯", "金額 1,200 元", "日期 99年5月3日", "店家統一編號 12345675"):
        assert words in page.content.decode()
    assert page.context["form"]["amount"].value() is None
    form = client.get(f"{url}&guess=1").context["form"]
    assert [str(form[name].value()) for name in ("amount", "issued_on", "payee_tax_id")] == [
        "1,200", "99/5/3", "12345675",
    ]  # fmt: skip
    assert (len(rung), Voucher.objects.count()) == (1, 0)


def test_nothing_read_is_said_and_a_photo_takes_its_reading_with_it(settlement, rung, settings, monkeypatch):
    settings.OCR = True
    monkeypatch.setattr(readings, "lines_of", lambda stored: [])
    client, url = sends_a_photo(settlement)
    client.get(url)
    read_receipts()
    assert "讀不出來" in client.get(url).content.decode()
    stranger = Client()
    stranger.force_login(member(approved()))
    assert stranger.get(url).status_code == 404
    StoredFile.objects.filter(pk=ReceiptReading.objects.get().photo_id).delete()
    assert not ReceiptReading.objects.exists()


class TestContract:
    """What is asked of the reader, and how its process answers."""

    def engine(self, tmp_path, *lines):
        """A module like rapidocr: its models lie beside it, and it takes their paths."""
        models = tmp_path / "models"
        models.mkdir()
        for name in ("a_det_small", "b_cls_mobile", "c_rec_small"):
            (models / f"{name}.onnx").touch()
        made = []

        class RapidOCR:
            def __init__(self, params):
                made.append(params)

            def __call__(self, picture):
                made.append(picture.size)
                return SimpleNamespace(txts=lines or None)

        return SimpleNamespace(RapidOCR=RapidOCR, __file__=str(tmp_path / "__init__.py")), made

    @pytest.mark.parametrize("lines", [(), ("合計", "1,200")])
    def test_a_fake_reader(self, tmp_path, lines):
        engine, made = self.engine(tmp_path, *lines)
        photo = tmp_path / "photo.jpg"
        photo.write_bytes(samples.picture(size=(3200, 1600)))
        assert text_reader.read(photo, engine) == list(lines)
        assert made == [
            {f"{part}.model_path": str(tmp_path / "models" / f"{name}.onnx")
             for part, name in (("Det", "a_det_small"), ("Cls", "b_cls_mobile"), ("Rec", "c_rec_small"))},
            (1600, 800),
        ]  # fmt: skip

    @pytest.mark.parametrize(("module", "lines"), [(None, None), ("there", ["一"])])
    def test_what_its_process_writes(self, tmp_path, monkeypatch, capsys, module, lines):
        reader = import_module("miaoli_kaohsiung.files.text_reader.__main__")

        def imported(name):
            if module is None:
                raise ImportError(name)
            return self.engine(tmp_path, "一")[0]

        monkeypatch.setattr(reader.resource, "setrlimit", lambda *limits: None)
        monkeypatch.setattr(reader.importlib, "import_module", imported)
        photo = tmp_path / "photo.jpg"
        photo.write_bytes(samples.picture())
        reader.main(str(photo))
        assert json.loads(capsys.readouterr().out) == {"lines": lines}

    @pytest.mark.parametrize("answer", [{"lines": None}, {"lines": ["合計"]}])
    def test_none_installed_reads_nothing(self, monkeypatch, answer):
        monkeypatch.setattr(texts, "ask", lambda reader, path: answer)
        monkeypatch.setattr(texts, "on_disk", lambda stored: nullcontext(stored.path))
        assert texts.lines_of(StoredFile(path="a")) == (answer["lines"] or [])
