"""Turns Word (.docx) into PDF: its paragraphs, lists, tables and pictures are set anew. Programs, links to other files
and embedded objects are left out; so are page layout, headers and footers, text boxes.
"""

import base64
import warnings
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import mammoth

from .package import read_through, require_bounds
from .refusal import Refused

_SHOWN = {"image/png", "image/jpeg", "image/gif"}
_STYLE = """
@page { size: A4; margin: 22mm 20mm; @bottom-center { content: counter(page) " / " counter(pages); font-size: 9pt; } }
body { font: 12pt/1.6 "Noto Sans CJK TC", "TW-Kai", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 17pt; } h2 { font-size: 14pt; } h3 { font-size: 12.5pt; }
img { max-width: 100%; max-height: 240mm; }
table { border-collapse: collapse; width: 100%; } td, th { border: .5pt solid #444; padding: 1mm 1.6mm; vertical-align: top; }
tr { break-inside: avoid; }
"""


def word_to_pdf(path: Path, target: Path) -> int:
    """Write the document as PDF to `target`; returns its pages, or raises Refused."""
    data = _sound(path)
    try:
        body = mammoth.convert_to_html(BytesIO(data), convert_image=mammoth.images.img_element(_picture)).value
        return _set(body, target)
    except (Refused, MemoryError):
        raise
    except Exception as error:  # Whatever a strange document does to its converter.
        raise Refused("word_failed") from error


def _sound(path: Path) -> bytes:
    try:
        with zipfile.ZipFile(path) as package:
            for entry in require_bounds(package):
                read_through(package, entry, lambda _name, _attributes: None)
    except Refused as refused:
        raise Refused("odf_bomb" if refused.code == "odf_bomb" else "word_broken") from refused
    except Exception as error:  # as above
        raise Refused("word_broken") from error
    return path.read_bytes()


def _picture(image: Any) -> dict[str, str]:
    if image.content_type not in _SHOWN:
        return {"alt": "（圖片）"}
    with image.open() as picture:
        return {"src": f"data:{image.content_type};base64,{base64.b64encode(picture.read()).decode()}"}


def _set(body: str, target: Path) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import weasyprint

    from weasyprint.urls import URLFetcher

    # A picture inside the document; a document fetches nothing.
    own = URLFetcher(allowed_protocols=["data"], allow_redirects=False)
    page = f'<html lang="zh-Hant-TW"><style>{_STYLE}</style><body>{body}</body></html>'
    document = weasyprint.HTML(string=page, url_fetcher=own).render()
    document.write_pdf(target)
    return len(document.pages)
