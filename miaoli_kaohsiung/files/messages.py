"""Why a file was refused, in words that say what to do instead."""

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .gate import Found

EXTENSIONS = {"pdf": "PDF", "jpeg": "JPEG", "png": "PNG", "odt": "ODT", "ods": "ODS"}

REASONS = {
    "empty": gettext_lazy("這個檔案是空的，請重新選擇檔案。"),
    "program": gettext_lazy("這個檔案是程式（執行檔），不是文件或照片，不能上傳。請改傳%(kinds)s檔。"),
    "office": gettext_lazy("這是 Word、Excel 或 PowerPoint 檔。請先「另存新檔」成 PDF，再上傳。"),
    "heif": gettext_lazy("這是手機的 HEIC 照片，本系統無法開啟。請先轉成 JPEG 再上傳。"),
    "kind": gettext_lazy("這個檔案不能上傳。請改傳%(kinds)s檔。"),
    "pdf_broken": gettext_lazy("這個 PDF 打不開，可能不完整或已損壞。請重新產生或重新掃描後再上傳。"),
    "pdf_encrypted": gettext_lazy("這個 PDF 設有密碼。請取消密碼後再上傳。"),
    "pdf_active": gettext_lazy("這個 PDF 裡有會自動執行的程式，不能上傳。請列印成新的 PDF 後再上傳。"),
    "pdf_attachment": gettext_lazy("這個 PDF 裡夾帶了其他檔案或影音。請列印成新的 PDF，其他檔案分開上傳。"),
    "pdf_tail": gettext_lazy("這個 PDF 後面還接著別的內容，不能上傳。請列印成新的 PDF 後再上傳。"),
    "picture_broken": gettext_lazy("這張圖片打不開，可能不完整或已損壞。請重新拍照或掃描後再上傳。"),
    "picture_too_large": gettext_lazy("這張圖片的尺寸太大。請縮小或降低掃描解析度後再上傳。"),
    "odf_broken": gettext_lazy("這個 ODT 或 ODS 檔打不開，可能不完整或已損壞。請用 LibreOffice 重新存檔後再上傳。"),
    "odf_encrypted": gettext_lazy("這個 ODT 或 ODS 檔設有密碼。請取消密碼後再上傳。"),
    "odf_active": gettext_lazy("這個 ODT 或 ODS 檔裡有巨集，不能上傳。請移除巨集，或另存成 PDF 後再上傳。"),
    "odf_bomb": gettext_lazy("這個檔案展開後太大，不能上傳。請另存成 PDF 後再上傳。"),
    "too_complex": gettext_lazy("這個檔案太複雜，檢查不完。請列印成新的 PDF 後再上傳。"),
}

# What was done to a file that is kept, by the note of the gate.
NOTES = {
    "to_pdf": gettext_lazy("已轉成 PDF，請打開看一眼。"),
    "to_jpeg": gettext_lazy("已轉成 JPEG，請打開看一眼。"),
    "neutralised": gettext_lazy("檔案裡會自動開啟或連到別處的設定已經拿掉，內容沒有變。"),
}


def kinds_in_words(kinds: tuple[str, ...]) -> str:
    """ " PDF、JPEG、PNG "."""
    return f" {'、'.join(EXTENSIONS[kind] for kind in kinds)} "


def refusal(code: str, kinds: tuple[str, ...]) -> str:
    """The sentence for a code of the gate."""
    return str(REASONS[code]) % {"kinds": kinds_in_words(kinds)}


def too_big(size: int, limit: int) -> str:
    """The sentence for a file of `size` bytes where `limit` are allowed."""
    return _("這個檔案有 %(size)s，超過上限 %(limit)s。請縮小檔案，或分成幾個檔案上傳。") % {
        "size": filesizeformat(size),
        "limit": filesizeformat(limit),
    }


def note(found: Found) -> str:
    """What the portal did to the file; empty where there is nothing to look at."""
    return str(NOTES[found.note]) if found.note else ""
