"""PDF: accepts what every reader opens without a password and what holds nothing but pages.

The allowed content of a PDF is a list. Anything else that would start, fetch or send something is removed, and the file
is rewritten without it. A file without such content is kept byte for byte.
"""

import logging
import re
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import Configuration, PdfReader, PdfWriter, apply_configuration
from pypdf.errors import LimitReachedError

from .pdf_objects import Contents, examine
from .refusal import Refused

# As PDF readers have it: the header within the first kilobyte, the end mark within the last one, padding not counted.
HEAD = 1024
TAIL = 1024
_PADDING = b"\r\n\t\f \x00\x1a"
_MOST_OBJECTS = 60_000
_LIMITS: dict[str, Any] = {
    "zlib_maximum_output_length": 24_000_000,
    "lzw_maximum_output_length": 24_000_000,
    "run_length_maximum_output_length": 24_000_000,
    "array_based_stream_maximum_output_length": 24_000_000,
    "zlib_maximum_recovery_input_length": 1_000_000,
}
# For bytes that this reader cannot reach but a more forgiving one might: only long names, because short ones occur by chance.
_SUSPECT = re.compile(rb"/(JavaScript|Launch|ImportData|RichMedia|SubmitForm|GoTo[ER])(?![A-Za-z0-9])")
_ESCAPE = re.compile(rb"#([2-7][0-9A-Fa-f])")
_MOST_ESCAPES = 100_000


def inspect_pdf(path: Path, target: Path) -> tuple[int, bool, str]:
    """Return the pages, whether the file was rewritten to `target`, and the note for the person; raises Refused."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    whole = path.read_bytes()
    data = _trimmed(whole)
    if data.count(b" obj") > _MOST_OBJECTS:
        raise Refused("too_complex")
    try:
        with apply_configuration(Configuration(**_LIMITS)):
            contents = examine(_reader(data))
            if contents.acts or _suspect(data):
                return contents.pages, *_written_anew(data, target, contents)
        if len(data) != len(whole):
            target.write_bytes(data)
            return contents.pages, True, ""
    except Refused:
        raise
    except (MemoryError, RecursionError, LimitReachedError) as error:
        raise Refused("too_complex") from error
    except Exception as error:  # whatever a broken file does to its reader
        raise Refused("pdf_broken") from error
    return contents.pages, False, ""


def _trimmed(data: bytes) -> bytes:
    """Return the document alone: from its header to its last end mark."""
    begin = data[:HEAD].find(b"%PDF-")
    padded = data.rstrip(_PADDING)
    end = padded.rfind(b"%%EOF")
    if begin < 0 or end < 0:
        raise Refused("pdf_broken")
    if len(padded) - end > TAIL:
        raise Refused("pdf_tail")
    # The few bytes before and after it that every reader ignores are not kept; the end mark's newline is.
    after = data[end + 5 : end + 7]
    line_end = len(after) - len(after.lstrip(b"\r\n"))
    clean = begin == 0 and len(padded) == end + 5 and len(data) - len(padded) <= TAIL
    return data if clean else data[begin : end + 5 + line_end]


def _reader(data: bytes) -> PdfReader:
    reader = PdfReader(BytesIO(data), xref_stream_maximum_entries=_MOST_OBJECTS)
    # An empty password opens a file that is locked only against editing.
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refused("pdf_encrypted")
    return reader


def _written_anew(data: bytes, target: Path, before: Contents) -> tuple[bool, str]:
    """Write the document without active content, inspect the result like any other, and return whether that was needed."""
    writer = PdfWriter(clone_from=_reader(data))
    cleaned = examine(writer, clean=True)
    out = BytesIO()
    writer.write(out)
    made = out.getvalue()
    after = examine(_reader(made))
    if after.acts or _suspect(made) or after.pages != before.pages:
        raise Refused("pdf_active")
    target.write_bytes(made)
    return True, "neutralised" if before.acts or cleaned.acts else ""


def _suspect(data: bytes) -> bool:
    """Return whether names of active content occur in the bytes, plainly or with escapes."""
    if _SUSPECT.search(data):
        return True
    if data.count(b"#") > _MOST_ESCAPES:
        return True
    return bool(_SUSPECT.search(_ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), data)))
