from datetime import timedelta

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files import services
from miaoli_kaohsiung.files.fields import CheckedFileField, hold_files
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import UserFactory

from . import samples


class Form(forms.Form):
    title = forms.CharField()
    file = CheckedFileField(label="領據")
    more = CheckedFileField(required=False, kinds=("jpeg",))


def form(**files) -> Form:
    named = {name: SimpleUploadedFile(f"{name}.pdf", data) for name, data in files.items()}
    return Form({"title": "題目"}, named)


def test_a_sound_file_is_ready_to_be_stored():
    checked = form(file=samples.pdf(2))
    assert checked.errors == {}
    assert (checked.cleaned_data["file"].found.pages, checked.cleaned_data["file"].name) == (2, "file.pdf")
    assert checked.cleaned_data["more"] is None


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            samples.PROGRAM,
            "這個檔案是程式（執行檔），不是文件或照片，不能上傳。請改傳 PDF、JPEG、PNG、ODT、ODS、Word、HEIC 檔。",
        ),
        (b"", "這個檔案是空的，請重新選擇檔案。"),
        (samples.pdf()[:200], "這個 PDF 打不開，可能不完整或已損壞。請重新產生或重新掃描後再上傳。"),
    ],
)
def test_a_refused_file_is_an_error_at_its_field_and_the_rest_stays(data, sentence):
    refused = form(file=data)
    assert refused.errors == {"file": [sentence]}
    assert refused.cleaned_data["title"] == "題目"


def test_a_file_too_many_bytes_long(settings):
    settings.MAX_UPLOAD_BYTES = 100
    assert form(file=bytes(2048)).errors == {
        "file": ["這個檔案有 2.0\xa0KB，超過上限 100\xa0位元組。請縮小檔案，或分成幾個檔案上傳。"]
    }


def test_a_missing_file_is_an_error_where_one_is_required():
    assert list(form().errors) == ["file"]


def test_each_field_has_its_kinds():
    assert form(file=samples.pdf(), more=samples.pdf()).errors == {"more": ["這個檔案不能上傳。請改傳 JPEG、HEIC 檔。"]}


def test_the_limits_are_said_before(settings):
    field = Form().fields["file"]
    assert field.help_text == "可上傳 PDF、JPEG、PNG、ODT、ODS、Word、HEIC 檔，每個不超過 20.0\xa0MB。"
    assert field.widget.attrs == {
        "class": "form-control",
        "data-upload": "",
        "data-shrink": "",
        "data-camera": "",
        "data-kinds": "pdf,jpeg,png,odt,ods",
        "data-max-bytes": str(20 * 1024 * 1024),
        "accept": ".pdf,.jpg,.jpeg,.png,.odt,.ods,.docx,.avif,.heic,.heif,.webp,.bmp,.tif,.tiff",
    }


@pytest.fixture
def sender(db):
    return Actor(UserFactory())


def held_form(sender, token: str, **posted) -> Form:
    return Form({"title": "題目", "file-held": token, **posted}, {})


def test_a_held_file_goes_with_its_form(sender):
    waiting = services.hold(SimpleUploadedFile("領據.pdf", samples.pdf()), actor=sender)
    form = held_form(sender, str(waiting.pk))
    assert form.errors == {}
    stored = services.store(form.cleaned_data["file"], actor=sender, purpose="receipt")
    assert (stored.pk, stored.name, stored.purpose) == (waiting.pk, "領據.pdf", "receipt")
    # It went: the same page sent again finds it no more.
    assert held_form(sender, str(waiting.pk)).errors == {"file": ["找不到剛才選的檔案，請再選一次。"]}


def test_a_held_file_is_its_senders(sender):
    waiting = services.hold(SimpleUploadedFile("領據.pdf", samples.pdf()), actor=sender)
    with pytest.raises(Refused):
        services.store(waiting, actor=Actor(UserFactory()), purpose="receipt")
    assert StoredFile.objects.get(pk=waiting.pk).purpose == services.HELD


def test_a_held_file_must_be_of_the_fields_kinds(sender):
    waiting = services.hold(SimpleUploadedFile("領據.pdf", samples.pdf()), actor=sender)
    refused = held_form(sender, str(waiting.pk), **{"more-held": str(waiting.pk)})
    assert refused.errors == {"more": ["這個檔案不能上傳。請改傳 JPEG、HEIC 檔。"]}


@pytest.mark.parametrize("token", ["", "no-uuid", "00000000-0000-0000-0000-000000000000"])
def test_a_made_up_token_is_no_file(sender, token):
    assert list(held_form(sender, token).errors) == ["file"]


def test_a_file_that_is_dropped_is_not_sent(sender):
    waiting = services.hold(SimpleUploadedFile("領據.pdf", samples.pdf()), actor=sender)
    assert list(held_form(sender, str(waiting.pk), **{"file-drop": "on"}).errors) == ["file"]


def test_a_form_refused_for_something_else_keeps_its_good_file(sender):
    refused = Form({"title": ""}, {"file": SimpleUploadedFile("領據.pdf", samples.pdf())})
    assert list(refused.errors) == ["title"]
    hold_files(refused, sender)
    page = str(refused["file"])
    token = StoredFile.objects.get(purpose=services.HELD).pk
    assert f'name="file-held" value="{token}"' in page
    assert "領據.pdf" in page
    assert held_form(sender, str(token)).errors == {}


def test_too_many_held_files_are_refused(sender, monkeypatch):
    monkeypatch.setattr(services, "MOST_HELD", 1)
    services.hold(SimpleUploadedFile("一.pdf", samples.pdf()), actor=sender)
    with pytest.raises(ValidationError, match="太多選了還沒送出的檔案"):
        services.hold(SimpleUploadedFile("二.pdf", samples.pdf()), actor=sender)


def test_held_files_are_swept_after_three_days(sender):
    old = services.hold(SimpleUploadedFile("一.pdf", samples.pdf()), actor=sender)
    young = services.hold(SimpleUploadedFile("二.pdf", samples.pdf()), actor=sender)
    used = services.store(SimpleUploadedFile("三.pdf", samples.pdf()), actor=sender, purpose="receipt")
    long_ago = clock.now() - timedelta(days=4)
    StoredFile.objects.filter(pk__in=(old.pk, used.pk)).update(uploaded_at=long_ago)
    assert services.sweep_held() == 1
    assert set(StoredFile.objects.values_list("pk", flat=True)) == {young.pk, used.pk}
