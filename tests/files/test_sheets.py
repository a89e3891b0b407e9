"""A spreadsheet is read in a process of its own; one whose XML is broken is refused before its reader sees it."""

import io
import resource
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from miaoli_kaohsiung.files import sheets
from miaoli_kaohsiung.files.processes import NoAnswerError

from . import samples

TABLE = samples.content(
    '<office:body><office:spreadsheet><table:table table:name="a"><table:table-row>'
    '<table:table-cell office:value-type="float" office:value="12"/></table:table-row></table:table>'
    "</office:spreadsheet></office:body>"
)
NOT_ONE = "這個檔案不是 XLSX 或 ODS 試算表，或設了密碼。請另存成 ODS 或 XLSX 再試。"


def read(data: bytes) -> list[list[str]]:
    return sheets.rows_of(SimpleUploadedFile("a.ods", data))


def test_a_sound_one_is_read():
    assert read(samples.odf(samples.ODS, {"content.xml": TABLE})) == [["12"]]


@pytest.mark.parametrize(
    "content",
    [
        # Without its end the reader looked for it until its time was over.
        TABLE.replace("</table:table>", "/table:table>"),
        TABLE.replace("</office:document-content>", ""),
        "",
        "內容",
    ],
)
def test_broken_xml_is_refused_at_once(content):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(sheets.UnreadableSheetError) as refused:
        read(samples.odf(samples.ODS, {"content.xml": content}))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert str(refused.value) == NOT_ONE
    assert (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime) < 2


def test_a_damaged_package_is_refused():
    data = bytearray(samples.odf(samples.ODS, {"content.xml": TABLE}))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        at = package.getinfo("content.xml").header_offset + 45
    data[at : at + 20] = bytes(20)
    with pytest.raises(sheets.UnreadableSheetError) as refused:
        read(bytes(data))
    assert str(refused.value) == NOT_ONE


@pytest.mark.parametrize("busy", [True, False])
def test_one_that_the_clock_ended_is_asked_for_again(monkeypatch, busy):
    """Its processor time has a limit of its own, so that the clock says how busy the machine is, not how large the file."""

    def ask(*_asked: str) -> None:
        raise NoAnswerError("sheet_reader", busy=busy)

    monkeypatch.setattr(sheets, "ask", ask)
    with pytest.raises(sheets.UnreadableSheetError) as refused:
        read(samples.odf(samples.ODS, {"content.xml": TABLE}))
    assert str(refused.value) == (
        "現在上傳的人很多，這個檔案還沒有收到。請過一分鐘再傳一次。"
        if busy
        else "這個檔案太複雜，讀不完。請只留下要匯入的那一張表，另存新檔再試。"
    )
