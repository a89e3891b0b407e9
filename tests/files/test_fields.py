import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from miaoli_kaohsiung.files.fields import CheckedFileField

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
        (samples.PROGRAM, "這個檔案是程式（執行檔），不是文件或照片，不能上傳。請改傳 PDF、JPEG、PNG、ODT、ODS 檔。"),
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
    assert form(file=samples.pdf(), more=samples.pdf()).errors == {"more": ["這個檔案不能上傳。請改傳 JPEG 檔。"]}


def test_the_limits_are_said_before(settings):
    field = Form().fields["file"]
    assert field.help_text == "可上傳 PDF、JPEG、PNG、ODT、ODS 檔，每個不超過 20.0\xa0MB。"
    assert field.widget.attrs == {"accept": ".pdf,.jpg,.jpeg,.png,.odt,.ods", "data-max-bytes": str(20 * 1024 * 1024)}
