"""HTML to PDF: the only importer of WeasyPrint, which needs system libraries that a machine may lack.

WeasyPrint is imported when it is first used, so that a portal without those libraries runs, without PDFs. Rendering
is for processes, not threads: one at a time in each process.
"""

import subprocess
import threading
import urllib.parse
import urllib.request
import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from . import pdf_parts

LIBRARIES_COMMAND = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
FONTS_COMMAND = "apt-get install fontconfig fonts-cns11643-kai fonts-noto-cjk"

# The one free family with the Ministry of Education's glyph forms and the rare characters of names; the last two
# hold what the first has no room for, so a stylesheet must name all three.
KAI_FAMILIES = ("TW-Kai", "TW-Kai-Ext-B", "TW-Kai-Plus")

_one_at_a_time = threading.Lock()


class UnavailableError(RuntimeError):
    """This machine cannot make PDFs; the text says what is missing and the command that mends it."""


class AssetRefusedError(RuntimeError):
    """A document asked for something that is no file of static/."""


def render(html: str, *, base: Path | None = None, variant: str = "pdf/ua-1", finisher: Any = None) -> bytes:
    """The PDF of a whole HTML document, which itself has lang and title.

    Stylesheets and pictures are named relative to `base`, a folder in static/ (static/ itself when not given).
    Anything else the document asks for, over the network or from another folder, raises AssetRefusedError.
    `variant` is "pdf/ua-1" for letters to people, "pdf/a-2a" for the archive. The same HTML gives the same bytes.
    `finisher` is WeasyPrint's: it is given the document and the file before that is written.
    """
    weasyprint = _weasyprint()
    from weasyprint.urls import FatalURLFetchingError

    folder = (base or _static()).resolve()
    try:
        with _one_at_a_time:
            page = weasyprint.HTML(string=html, base_url=f"{folder.as_uri()}/", url_fetcher=_own_assets())
            return page.write_pdf(pdf_variant=variant, font_config=_font_configuration(), finisher=finisher)
    except FatalURLFetchingError as refused:
        # WeasyPrint's own is a BaseException, which would pass every handler and end the worker.
        raise AssetRefusedError(f"{refused}: {refused.__cause__}") from refused


def render_parts(documents: Sequence[str]) -> bytes:
    """The PDF of several HTML documents one behind the other, as `render`, each set by a process of its own.

    The title is the first one's. Not for threads: the process is forked.
    """
    if len(documents) == 1:
        return render(documents[0])
    return pdf_parts.render_parts(lambda html, finisher: render(html, finisher=finisher), documents)


def available() -> bool:
    """Whether PDFs can be made here, with the fonts that letters need."""
    return not problems()


def problems() -> list[tuple[str, str]]:
    """What is missing for PDFs, each with the command that mends it."""
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
    """The characters of the text, once each, that the Kai fonts cannot draw. White space needs no glyph.

    WeasyPrint says nothing about a missing glyph, so names are asked here before a letter is rendered.
    """
    drawable = _drawable()
    return [
        character for character in dict.fromkeys(text) if not character.isspace() and ord(character) not in drawable
    ]


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
        # It would render, but a letter takes some fifty times as long: better said than suffered.
        raise UnavailableError("A library for PDFs is missing: libharfbuzz-subset.")
    return weasyprint


@cache
def _font_configuration() -> Any:
    """One for the life of the process: a new one for each letter would keep every font it opened in memory."""
    _weasyprint()
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _own_assets() -> Any:
    """A fetcher that hands out files in static/ and stops the rendering at anything else."""
    _weasyprint()
    from weasyprint.urls import URLFetcher

    class OwnAssets(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if not _is_own_asset(url):
                raise ValueError(f"refused: {url} is no file of static/")
            return super().fetch(url, headers)

    return OwnAssets(allowed_protocols=["file"], allow_redirects=False, fail_on_errors=True)


def _is_own_asset(url: str) -> bool:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "file" or parts.netloc:
        return False
    path = Path(urllib.request.url2pathname(parts.path)).resolve()
    return path.is_file() and path.is_relative_to(_static().resolve())


@cache
def _font_files(family: str) -> tuple[str, ...]:
    """The files of a family by fontconfig, the same that draws the letters."""
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


@cache
def _drawable() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    files = [name for family in KAI_FAMILIES for name in _font_files(family)]
    if not files:
        raise UnavailableError(f"Fonts are missing: {', '.join(KAI_FAMILIES)}. {FONTS_COMMAND}")
    points: set[int] = set()
    for name in files:
        with TTFont(name, lazy=True) as font:
            points.update(font.getBestCmap())
    return frozenset(points)
