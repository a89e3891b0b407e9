"""HTML to PDF: the only importer of WeasyPrint, which needs system libraries that a machine may lack.

WeasyPrint is imported when it is first used, so that a portal without those libraries runs, without PDFs. Rendering
is for processes, not threads: one at a time in each process.
"""

import gc
import subprocess
import threading
import unicodedata
import urllib.parse
import urllib.request
import warnings
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from . import pdf_norms, pdf_parts
from .access import Refused

LIBRARIES_COMMAND = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
FONTS_COMMAND = "apt-get install fontconfig fonts-cns11643-kai fonts-noto-cjk"

# The one free family with the Ministry of Education's glyph forms and the rare characters of names; the last two
# hold what the first has no room for, so a stylesheet must name all three.
KAI_FAMILIES = ("TW-Kai", "TW-Kai-Ext-B", "TW-Kai-Plus")

# What Pango uses for characters that these do not have. Its glyphs are all of these families, so that no □ is printed.
FALLBACK_FAMILIES = ("Noto Serif CJK TC", "Noto Sans CJK TC", "Liberation Serif")

# Pictures that a document brings along in its own text.
_PICTURES = ("data:image/png;base64,", "data:image/jpeg;base64,")

_one_at_a_time = threading.Lock()


class UnavailableError(RuntimeError):
    """This machine cannot make PDFs; the text says what is missing and the command that installs it."""


class UnprintableError(Refused):
    """A text has characters that no font can draw; the reason names them."""


class AssetRefusedError(RuntimeError):
    """A document asked for something other than a file of static/."""


def render(html: str, *, base: Path | None = None, styles: str = "", finisher: Any = None) -> bytes:
    """Return the PDF of a whole HTML document, which itself has lang and title: PDF/UA-1 and PDF/A-2a at once.

    Stylesheets and pictures are named relative to `base`, a folder in static/ (static/ itself by default); a picture may
    also stand in the document as a data: address. Asking for anything else, over the network or from another folder,
    raises AssetRefusedError. `styles` is CSS that only this document has. The same HTML gives the same bytes. `finisher` is WeasyPrint's: it gets the document and the
    file before that is written. Raises UnprintableError instead of printing a box for a character.
    """

    def finish(document: Any, file: Any) -> None:
        pdf_norms.keep_both(file)
        if finisher is not None:
            finisher(document, file)

    with _setting(html, base) as page:
        own = [_weasyprint().CSS(string=styles)] if styles else []
        fonts = _font_configuration()
        return bytes(page.write_pdf(pdf_variant=pdf_norms.VARIANT, stylesheets=own, font_config=fonts, finisher=finish))


def count_pages(html: str, *, base: Path | None = None) -> int:
    """Return how many pages `render` would make of the document. Raises the same."""
    with _setting(html, base) as page:
        return len(page.render(font_config=_font_configuration()).pages)


@contextmanager
def _setting(html: str, base: Path | None) -> Iterator[Any]:
    """Yield WeasyPrint's document of the HTML, while no other thread sets one."""
    weasyprint = _weasyprint()
    html = printable(html)
    from weasyprint.urls import FatalURLFetchingError

    folder = (base or _static()).resolve()
    try:
        with _one_at_a_time, _collector_at_rest():
            yield weasyprint.HTML(string=html, base_url=f"{folder.as_uri()}/", url_fetcher=_own_assets())
    except FatalURLFetchingError as refused:
        # WeasyPrint's own is a BaseException, which would pass every handler and end the worker.
        raise AssetRefusedError(f"{refused}: {refused.__cause__}") from refused


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Switch garbage collection off: WeasyPrint's trees live until the file is written, and searching them costs an
    eighth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def part(html: str, *, even: bool = False) -> bytes:
    """Return a part of a long PDF, set by a process of its own; `joined` makes the file. See `pdf_parts.set_apart`."""
    _weasyprint()
    html = printable(html)
    return pdf_parts.set_apart(lambda document, finisher: render(document, finisher=finisher), html, even=even)


def joined(parts: Iterable[bytes]) -> bytes:
    """Return the file of all parts, which is of both norms like each."""
    return pdf_parts.join(map(pdf_parts.Part.read, parts))


def problems() -> list[tuple[str, str]]:
    """Return what is missing for PDFs, each with the command that installs it."""
    found = []
    try:
        _weasyprint()
    except UnavailableError as missing:
        found.append((str(missing), LIBRARIES_COMMAND))
    absent = [family for family in KAI_FAMILIES if not _font_files(family)]
    if absent:
        found.append((f"Fonts are missing: {', '.join(absent)}.", FONTS_COMMAND))
    return found


def missing_glyphs(text: str) -> list[str]:
    """Return the characters of the text, once each, that no font for documents can draw, nor their normal form. White
    space and invisible marks need no glyph.

    WeasyPrint says nothing about a missing glyph, so texts are checked here: when they are typed, and before printing.
    """
    return [character for character in dict.fromkeys(text) if not _is_plain(character) and _drawn_as(character) is None]


def printable(text: str) -> str:
    """Return the text with the normal form of the few characters of which only that can be drawn. Raises
    UnprintableError.
    """
    if lost := missing_glyphs(text):
        raise UnprintableError(unprintable_in_words(lost))
    others = {character: _drawn_as(character) for character in set(text) if not _is_plain(character)}
    return text.translate({ord(character): drawn for character, drawn in others.items() if drawn != character})


def unprintable_in_words(characters: Sequence[str]) -> str:
    """Return the sentence for characters that cannot be printed."""
    shown = "、".join(f"「{character}」（U+{ord(character):04X}）" for character in characters)
    return _("這些字印不出來，請改用通用的字：%(characters)s") % {"characters": shown}


def _is_plain(character: str) -> bool:
    """Return whether every font is known to have the character, without opening one: ideographs, signs, invisible marks."""
    point = ord(character)
    if 0x20 <= point < 0x7F or 0x4E00 <= point < 0x9FA6 or character.isspace():
        return True
    return unicodedata.category(character) == "Cf" or 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF


def _drawn_as(character: str) -> str | None:
    """Return the character itself, its normal form if only that can be drawn, or None."""
    drawable = _drawable()
    if ord(character) in drawable:
        return character
    for form in ("NFC", "NFKC"):
        normal = unicodedata.normalize(form, character)
        if normal != character and all(ord(part) in drawable for part in normal):
            return normal
    return None


def _static() -> Path:
    return Path(settings.BASE_DIR) / "static"


@cache
def _weasyprint() -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            import weasyprint
            from weasyprint.text import ffi
    except OSError as missing:
        raise UnavailableError(f"A library for PDFs is missing: {missing}") from missing
    if ffi.harfbuzz_subset is None:
        # It would render, but a letter takes some fifty times as long, so it is reported.
        raise UnavailableError("A library for PDFs is missing: libharfbuzz-subset.")
    return weasyprint


@cache
def _font_configuration() -> Any:
    """Return one configuration for the life of the process: one for each letter would keep every opened font in memory."""
    _weasyprint()
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _own_assets() -> Any:
    """Return a fetcher for files in static/ and pictures in the document that stops the rendering at anything else."""
    _weasyprint()
    from weasyprint.urls import URLFetcher

    class OwnAssets(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url.startswith(_PICTURES):
                return super().fetch(url, headers)
            if not _is_own_asset(url):
                raise ValueError(f"refused: {url} is no file of static/")
            return super().fetch(url, headers)

    return OwnAssets(allowed_protocols=["file", "data"], allow_redirects=False, fail_on_errors=True)


def _is_own_asset(url: str) -> bool:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "file" or parts.netloc:
        return False
    path = Path(urllib.request.url2pathname(parts.path)).resolve()
    return path.is_file() and path.is_relative_to(_static().resolve())


@cache
def _font_files(family: str) -> tuple[str, ...]:
    """Return the files of a family by fontconfig, which also finds the fonts that draw the letters."""
    try:
        listed = subprocess.run(
            ["fc-list", f":family={family}", "--format", "%{file}\n"],
            capture_output=True,
            text=True,
            check=True,
        )
    except FileNotFoundError:
        return ()
    return tuple(sorted(set(listed.stdout.split("\n")) - {""}))


class _Spans:
    """Whole numbers as the spans in which they lie: a hundred thousand of them would take 9 MB in each process as a set."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for first, last in sorted(spans):
            if self._ends and first <= self._ends[-1] + 1:
                self._ends[-1] = max(self._ends[-1], last)
            else:
                self._starts.append(first)
                self._ends.append(last)

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int):
            return False
        place = bisect_right(self._starts, number) - 1
        return place >= 0 and number <= self._ends[place]


@cache
def _drawable() -> Container[int]:
    files = [name for family in KAI_FAMILIES for name in _font_files(family)]
    if not files:
        raise UnavailableError(f"Fonts are missing: {', '.join(KAI_FAMILIES)}. {FONTS_COMMAND}")
    # One face of each family: what it lacks in bold is drawn from another weight.
    files += [names[0] for family in FALLBACK_FAMILIES if (names := _font_files(family))]
    return _Spans(span for name in files for span in _spans_of(name))


def _spans_of(name: str) -> Iterator[tuple[int, int]]:
    """Yield what the first face of a font file draws, as fontconfig says it: reading it in Python takes 90 MB for good."""
    command = ["fc-query", "--index", "0", "--format", "%{charset}", name]
    for span in subprocess.run(command, capture_output=True, text=True, check=True).stdout.split():
        first, _dash, last = span.partition("-")
        yield int(first, 16), int(last or first, 16)
