"""Why a file was refused, in words that say what to do instead."""

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .gate import EVERY_KIND, Found, taken_for

# It had no turn, or not enough of a processor: it may be a sound file.
BUSY = gettext_lazy("現在上傳的人很多，這個檔案還沒有收到。請過一分鐘再傳一次。")

REASONS = {
    "empty": gettext_lazy("這個檔案是空的，請重新選擇檔案。"),
    "program": gettext_lazy("這個檔案是程式（執行檔），不是文件或照片，不能上傳。請改傳%(kinds)s檔。"),
    "archive": gettext_lazy("這是壓縮檔。請先解壓縮，再把裡面的檔案一個一個上傳。"),
    "office": gettext_lazy("這是 Excel 或 PowerPoint 檔。請先「另存新檔」成 PDF，再上傳。"),
    "office_encrypted": gettext_lazy("這個 Office 檔設有密碼。請取消密碼，另存成 PDF 後再上傳。"),
    "doc": gettext_lazy("這是舊版的 Word 檔（.doc）。請用 Word 打開，「另存新檔」成 .docx 或 PDF，再上傳。"),
    "film": gettext_lazy("這是影片或錄音，不能上傳。請改傳照片或文件。"),
    "kind": gettext_lazy("這個檔案不能上傳。請改傳%(kinds)s檔。"),
    "busy": BUSY,
    "pdf_broken": gettext_lazy("這個 PDF 打不開，可能不完整或已損壞。請重新產生或重新掃描後再上傳。"),
    "pdf_encrypted": gettext_lazy("這個 PDF 設有密碼。請取消密碼後再上傳。"),
    "pdf_active": gettext_lazy("這個 PDF 裡有會自動執行的設定，拿不掉。請列印成新的 PDF 後再上傳。"),
    "pdf_dynamic": gettext_lazy(
        "這個 PDF 是要用 Adobe 程式填寫的電子表單，別的軟體看不到內容。請列印成新的 PDF 後再上傳。"
    ),
    "pdf_attachment": gettext_lazy("這個 PDF 裡夾帶了其他檔案或影音。請列印成新的 PDF，其他檔案分開上傳。"),
    "pdf_tail": gettext_lazy("這個 PDF 後面還接著別的內容，不能上傳。請列印成新的 PDF 後再上傳。"),
    "picture_broken": gettext_lazy("這張圖片打不開，可能不完整或已損壞。請重新拍照或掃描後再上傳。"),
    "picture_too_large": gettext_lazy("這張圖片的尺寸太大。請縮小或降低掃描解析度後再上傳。"),
    "picture_complex": gettext_lazy("這張圖片的存法很特別，檢查不完。請另存成一般的 JPEG，或重新拍照後再上傳。"),
    "picture_too_many_pages": gettext_lazy("這個 TIFF 檔的頁數太多。請分成幾個檔案，或另存成 PDF 後再上傳。"),
    "odf_broken": gettext_lazy("這個 ODT 或 ODS 檔打不開，可能不完整或已損壞。請用 LibreOffice 重新存檔後再上傳。"),
    "odf_mimetype": gettext_lazy(
        "這個 ODT 或 ODS 檔少了格式標記（有些軟體不會寫）。請用 LibreOffice 打開，重新存檔後再上傳。"
    ),
    "odf_other": gettext_lazy("這是簡報、繪圖或範本檔。請另存成 PDF 後再上傳。"),
    "odf_encrypted": gettext_lazy("這個 ODT 或 ODS 檔設有密碼。請取消密碼後再上傳。"),
    "odf_active": gettext_lazy("這個 ODT 或 ODS 檔裡有巨集，不能上傳。請移除巨集，或另存成 PDF 後再上傳。"),
    "odf_object": gettext_lazy("這個 ODT 或 ODS 檔裡嵌了別的軟體的內容（OLE 物件）。請另存成 PDF 後再上傳。"),
    "odf_reaching": gettext_lazy(
        "這個 ODT 或 ODS 檔有從別處取得的內容（外部圖片、資料來源或公式）。請另存成 PDF 後再上傳。"
    ),
    "odf_foreign": gettext_lazy(
        "這個 ODT 或 ODS 檔裡夾帶了不屬於文件的檔案。請用 LibreOffice 重新存檔，或另存成 PDF 後再上傳。"
    ),
    "odf_bomb": gettext_lazy("這個檔案展開後太大，不能上傳。請另存成 PDF 後再上傳。"),
    "word_broken": gettext_lazy("這個 Word 檔打不開，可能不完整或已損壞。請用 Word 另存成 PDF 後再上傳。"),
    "word_failed": gettext_lazy("這個 Word 檔沒辦法轉成 PDF。請用 Word「另存新檔」成 PDF，再上傳。"),
    "too_complex": gettext_lazy("這個檔案太複雜，檢查不完。請列印成新的 PDF 後再上傳。"),
}

INFECTED = gettext_lazy("這個檔案驗出病毒，沒有收下。請用掃毒軟體檢查您的電腦，再重新製作檔案上傳。")

# What was done to a file that is kept, by the gate's note.
NOTES = {
    "to_pdf": gettext_lazy("已轉成 PDF，請打開看一眼。"),
    "to_pdf_words": gettext_lazy(
        "已轉成 PDF，請打開看一眼：文字、表格和圖片都在，版面、頁首頁尾和文字方塊可能和原來不同。不合用的話，請用 Word 另存成 PDF 再傳。"
    ),
    "to_jpeg": gettext_lazy("已轉成 JPEG，請打開看一眼。"),
    "neutralised": gettext_lazy("檔案裡會自動開啟或連到別處的設定已經拿掉，內容沒有變。"),
}


def kinds_in_words(kinds: tuple[str, ...]) -> str:
    """Return " PDF、JPEG、PNG "."""
    return f" {'、'.join(EVERY_KIND[kind].label for kind in kinds)} "


def taken_in_words(kinds: tuple[str, ...]) -> str:
    """Return the same with the kinds that are turned into one of them: " PDF、JPEG、Word "."""
    return f" {'、'.join(kind.label for kind in taken_for(kinds) if kind.label)} "


def refusal(code: str, kinds: tuple[str, ...]) -> str:
    """Return the sentence for a code of the gate."""
    return str(REASONS[code]) % {"kinds": taken_in_words(kinds)}


def too_big(size: int, limit: int) -> str:
    """Return the sentence for a file of `size` bytes if `limit` are allowed."""
    return _("這個檔案有 %(size)s，超過上限 %(limit)s。請縮小檔案，或分成幾個檔案上傳。") % {
        "size": filesizeformat(size),
        "limit": filesizeformat(limit),
    }


def note(found: Found) -> str:
    """Return what the portal did to the file; "" if there is nothing for the person to check."""
    return str(NOTES[found.note]) if found.note else ""
