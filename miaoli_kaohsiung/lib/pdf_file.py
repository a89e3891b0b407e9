"""The bytes of a PDF whose objects are there already: what pydyf's own `write` does, with each object asked for once and packed
at the usual level instead of the highest, which takes five times as long for a tenth of the size.
"""

import hashlib
import io
import zlib
from typing import Any

import pydyf

# The same everywhere, and no longer than what a reader unpacks to find one object.
OBJECTS_A_STREAM = 1000
LEVEL = 6
# How many bytes the table of objects has for kind, place and number within a stream.
_WIDTHS = (1, 4, 2)
_HEAD = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"


def deflated(item: pydyf.Stream) -> bytes:
    """Return the stream as pydyf's `data` does, packed at this level if it is to be packed."""
    if not item.compress:
        return bytes(item.data)
    plain = pydyf.Stream(item.stream, {}, compress=False).data.partition(b"stream\n")[2].removesuffix(b"\nendstream")
    return _stream(plain, item.extra)


def written(pdf: pydyf.PDF) -> bytes:
    """Return the file of all objects, those without a stream packed together."""
    pdf.add_object(pdf.info)
    file, places = io.BytesIO(), [(0, 0, 0xFFFF)]
    packed: list[tuple[int, bytes]] = []
    file.write(_HEAD)
    for item in pdf.objects[1:]:
        if item.compressible:
            stream, index = divmod(len(packed), OBJECTS_A_STREAM)
            places.append((2, len(pdf.objects) + stream, index))
            packed.append((item.number, item.data))
        else:
            places.append((1, file.tell(), 0))
            file.write(_indirect(item.number, item.data))
    for at in range(0, len(packed), OBJECTS_A_STREAM):
        places.append((1, file.tell(), 0))
        file.write(_indirect(len(places) - 1, _pack(packed[at : at + OBJECTS_A_STREAM])))
    _end(file, pdf, places)
    return file.getvalue()


def _pack(objects: list[tuple[int, bytes]]) -> bytes:
    """Return a stream of objects, each found by its number and place at the head."""
    numbers, at = [], 0
    for number, data in objects:
        numbers.append(f"{number} {at}")
        at += len(data) + 1
    head = " ".join(numbers).encode() + b"\n"
    extra = {"Type": "/ObjStm", "N": len(objects), "First": len(head)}
    return _stream(head + b"\n".join(data for _number, data in objects), extra)


def _end(file: io.BytesIO, pdf: pydyf.PDF, places: list[tuple[int, int, int]]) -> None:
    """Write the table of all objects, itself the last."""
    start = file.tell()
    places.append((1, start, 0))
    table = b"".join(value.to_bytes(width, "big") for row in places for width, value in zip(_WIDTHS, row, strict=True))
    name = pydyf.String(hashlib.sha256(file.getvalue()).hexdigest()[:32]).data
    extra = {
        "Type": "/XRef",
        "W": pydyf.Array(_WIDTHS),
        "Size": len(places),
        "Root": pdf.catalog.reference,
        "Info": pdf.info.reference,
        "ID": pydyf.Array((name, name)),
    }
    file.write(_indirect(len(places) - 1, _stream(table, extra)))
    file.write(b"startxref\n%d\n%%%%EOF\n" % start)


def _stream(plain: bytes, extra: dict[str, Any]) -> bytes:
    data = zlib.compress(plain, LEVEL)
    head = pydyf.Dictionary({**extra, "Filter": "/FlateDecode", "Length": len(data)})
    return b"\n".join((head.data, b"stream", data, b"endstream"))


def _indirect(number: int, data: bytes) -> bytes:
    return b"%d 0 obj\n" % number + data + b"\nendobj\n"
