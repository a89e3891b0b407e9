"""The objects of a PDF, inspected one by one: what may stay, and what is removed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from .refusal import Refused

# Actions that lead to a place in the document, and links to the web, which start with a click and show where they lead.
_ACTIONS = {"/GoTo", "/URI"}
# fmt: off
_ACTING = {
    "/GoToR", "/GoToE", "/GoToDp", "/Launch", "/Thread", "/Sound", "/Movie", "/Hide", "/Named", "/SubmitForm", "/ResetForm",
    "/ImportData", "/JavaScript", "/SetOCGState", "/Rendition", "/Trans", "/GoTo3DView", "/RichMediaExecute",
}
_WEB = ("http://", "https://", "mailto:", "tel:")
_ANNOTATIONS = {
    "/Link", "/Text", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight", "/Underline",
    "/Squiggly", "/StrikeOut", "/Caret", "/Stamp", "/Ink", "/Popup", "/Widget", "/Watermark", "/PrinterMark", "/TrapNet",
    "/Redact",
}
_MEDIA = {"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/3D", "/Screen"}
_CATALOG = {
    "/Type", "/Version", "/Extensions", "/Pages", "/PageLabels", "/Names", "/Dests", "/ViewerPreferences", "/PageLayout",
    "/PageMode", "/Outlines", "/OpenAction", "/AcroForm", "/Metadata", "/StructTreeRoot", "/MarkInfo", "/Lang",
    "/OutputIntents", "/PieceInfo", "/OCProperties", "/Perms", "/DSS", "/Threads", "/Legal",
}
# fmt: on
_NAMES = {"/Dests", "/AP", "/Pages", "/Templates", "/IDS", "/EmbeddedFiles"}
_ATTACHMENTS = {"/EmbeddedFiles", "/EF", "/AF"}
# A stream's contents, or what a printer puts in its place, from a file elsewhere.
_EXTERNAL_STREAM = ("/F", "/FFilter", "/FDecodeParms", "/Ref", "/OPI")
_SCRIPTS = {"/JS", "/JavaScript"}
_MOST_PACKED = 20_000
_MOST_DEPTH = 60


@dataclass
class Contents:
    """What was found; `acts` says that something in it may not stay (and, when cleaning, was removed)."""

    pages: int = 0
    acts: bool = False


def examine(document: PdfReader | PdfWriter, clean: bool = False) -> Contents:
    """Inspect every object in the document's tables. Raises Refused for what cannot be removed: attachments, films,
    dynamic forms. With `clean` (a PdfWriter) active content is removed.
    """
    found = Contents(len(document.pages))
    if found.pages == 0:
        raise Refused("pdf_broken")
    look = _Look(found, clean)
    catalog = document.root_object
    look.catalog(catalog)
    for item in _objects(document):
        look.at(item)
    return found


def _objects(document: PdfReader | PdfWriter) -> Iterator[Any]:
    if isinstance(document, PdfWriter):
        yield from list(document._objects)
        return
    yield document.trailer
    listed = {(number, generation) for generation, table in document.xref.items() for number in table}
    listed |= {(number, 0) for number in document.xref_objStm}
    for number, generation in sorted(listed):
        if number:
            yield document.get_object(IndirectObject(number, generation, document))


class _Look:
    def __init__(self, found: Contents, clean: bool) -> None:
        self.found, self.clean = found, clean

    def at(self, root: Any) -> None:
        """Inspect one object and everything written inside it; references lead to other objects, which are listed
        themselves.
        """
        waiting = [(root, 0)]
        while waiting:
            item, depth = waiting.pop()
            if depth > _MOST_DEPTH:
                raise Refused("too_complex")
            if isinstance(item, DictionaryObject):
                self._dictionary(item)
                waiting.extend((value, depth + 1) for value in item.values())
            elif isinstance(item, ArrayObject):
                waiting.extend((value, depth + 1) for value in item)

    def catalog(self, catalog: DictionaryObject) -> None:
        if "/Collection" in catalog:
            raise Refused("pdf_attachment")
        if catalog.get("/NeedsRendering"):
            raise Refused("pdf_dynamic")
        self._only(catalog, _CATALOG)
        names = _resolved(catalog, "/Names")
        if isinstance(names, DictionaryObject):
            self._only(names, _NAMES)
        opening = _resolved(catalog, "/OpenAction")
        # A link must be clicked; on opening, only a place in the document may be shown.
        if isinstance(opening, DictionaryObject) and not (self._harmless(opening) and _name(opening, "/S") == "/GoTo"):
            self._take(catalog, "/OpenAction")
            self._act(opening)
        form = _resolved(catalog, "/AcroForm")
        if isinstance(form, DictionaryObject) and "/XFA" in form:
            # Without its program a form that has no fields of its own shows nothing.
            if not _resolved(form, "/Fields"):
                raise Refused("pdf_dynamic")
            self._take(form, "/XFA")

    def _dictionary(self, item: DictionaryObject) -> None:
        keys = set(item)
        if keys & _ATTACHMENTS and any(_holds(item, key) for key in keys & _ATTACHMENTS):
            raise Refused("pdf_attachment")
        for key in ("/AA", "/PA", *(keys & _SCRIPTS)):
            if key in keys:
                self._take(item, key)
        if _name(item, "/Type") == "/EmbeddedFile":
            raise Refused("pdf_attachment")
        kind = _name(item, "/Subtype")
        if kind in _MEDIA and "/BBox" not in keys:
            raise Refused("pdf_attachment")
        if (
            "/Rect" in keys
            and "/Subtype" in keys
            and kind not in _ANNOTATIONS
            and _name(item, "/Type") in ("", "/Annot")
        ):
            self._act(item)
        if _name(item, "/S") in _ACTING and _name(item, "/Type") in ("", "/Action"):
            self._act(item)
        action = _resolved(item, "/A")
        if isinstance(action, DictionaryObject) and not self._harmless(action):
            self._take(item, "/A")
        if _name(item, "/S") == "/URI" and not self._harmless(item):
            self._act(item)
        self._stream(item, keys)

    def _stream(self, item: DictionaryObject, keys: set[str]) -> None:
        if not isinstance(item, StreamObject):
            return
        if _name(item, "/Type") == "/ObjStm" and int(item.get("/N", 0)) > _MOST_PACKED:
            raise Refused("too_complex")
        for key in _EXTERNAL_STREAM:
            if key in keys:
                self._take(item, key)

    def _harmless(self, action: DictionaryObject) -> bool:
        """Return whether this is a step within the document or a link to the web; an action that follows it (/Next) is
        removed.
        """
        if "/S" not in action:
            # No action, but something else under the same key: attributes of a structure element.
            return True
        kind = _name(action, "/S")
        if kind not in _ACTIONS and kind not in _ACTING:
            return kind == ""
        if kind == "/URI":
            target = action.get("/URI", "")
            text = target.decode("latin-1", "ignore") if isinstance(target, bytes) else str(target)
            if not text.strip().casefold().startswith(_WEB):
                return False
        if "/Next" in action:
            self._take(action, "/Next")
        return kind in _ACTIONS

    def _only(self, item: DictionaryObject, allowed: set[str]) -> None:
        for key in set(item) - allowed:
            self._take(item, key)

    def _take(self, item: DictionaryObject, key: str) -> None:
        self.found.acts = True
        if self.clean:
            del item[NameObject(key)]

    def _act(self, item: DictionaryObject) -> None:
        """Empty the dictionary, so that references to it find nothing to do."""
        self.found.acts = True
        if self.clean:
            item.clear()


def _holds(item: DictionaryObject, key: str) -> bool:
    """Return whether the entry has any contents: an empty list of attachments has none."""
    value = _resolved(item, key)
    if isinstance(value, DictionaryObject):
        names = _resolved(value, "/Names") if key == "/EmbeddedFiles" else value
        return bool(names) or "/Kids" in value
    return bool(value)


def _resolved(item: DictionaryObject, key: str) -> Any:
    value = item.raw_get(key) if key in item else None
    return value.get_object() if isinstance(value, IndirectObject) else value


def _name(item: DictionaryObject, key: str) -> str:
    value = _resolved(item, key)
    return str(value) if isinstance(value, NameObject) else ""
