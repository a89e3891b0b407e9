"""A long PDF in parts: each is set by a process of its own and kept as bytes, and all are joined in one file with one tree of tags.

Typesetting holds the whole document in memory; a process that ends gives all of it back, so that five hundred letters need no
more than thirty. The objects of a part are written as they came, in new numbers; references in them are numbers.
"""

import base64
import json
import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydyf

from . import pdf_file

log = logging.getLogger(__name__)

# What a document calls the ends of its pieces (a letter, for instance); with `even` each piece ends on an even page.
END = "end"

# A string, which is left alone, or a reference.
_REFERENCE = re.compile(rb"\((?:\\.|[^\\()])*\)|\b(\d+) 0 R\b", re.DOTALL)
# The place of a page or an annotation in the tree of tags.
_PLACE = re.compile(rb"/(StructParents?) (\d+)")
# The names of header cells, unique in a file, and the lists by which cells name theirs.
_NAMES = re.compile(rb"/ID \(|/Headers \[[^\]]*\]")
# What stands in the catalogue anew.
_OWN = ("Type", "Pages", "StructTreeRoot")

Finisher = Callable[[Any, Any], None]
Render = Callable[[str, Finisher], bytes]


class PartsError(RuntimeError):
    """A process did not deliver its part."""


@dataclass(frozen=True)
class Part:
    """The objects of a part (number, bytes, whether it is a stream), its pages, those objects that a file has only once, and
    what its catalogue and its information say.
    """

    objects: list[tuple[int, bytes, bool]]
    pages: list[int]
    once: dict[str, int]
    tags: list[int]
    places: list[tuple[int, bytes]]
    head: dict[str, bytes]
    about: bytes

    def kept(self) -> bytes:
        """Return the part as bytes, for a file or a row."""
        return json.dumps(self.__dict__, default=_in_base64, separators=(",", ":")).encode()

    @classmethod
    def read(cls, data: bytes) -> "Part":
        """Return the part that `kept` wrote."""
        said = json.loads(data)
        said["objects"] = [(number, _bytes_of(text), stream) for number, text, stream in said["objects"]]
        said["places"] = [(key, _bytes_of(text)) for key, text in said["places"]]
        said["head"] = {name: _bytes_of(text) for name, text in said["head"].items()}
        return cls(**{**said, "about": _bytes_of(said["about"])})


class _Raw(pydyf.Object):
    """An object that is written as it came."""

    def __init__(self, data: bytes, *, stream: bool = False) -> None:
        super().__init__()
        self._data, self._stream = data, stream

    @property
    def data(self) -> bytes:
        return self._data

    @property
    def compressible(self) -> bool:
        return not self._stream


def set_apart(render: Render, document: str, *, even: bool = False) -> bytes:
    """Return the part that `render(document, finisher)` makes, as `Part.kept` writes it, set by another process.

    `even` puts an empty page after each piece that would end on an odd one. Not for threads: the process is forked. Raises
    PartsError when it fails.
    """
    with tempfile.TemporaryDirectory(prefix="pdf-") as folder:
        path = Path(folder, "part")
        child = os.fork()
        if not child:
            _deliver(render, document, path, even=even)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            raise PartsError("a part of the PDF was not rendered")
        return path.read_bytes()


def _deliver(render: Render, document: str, path: Path, *, even: bool) -> None:
    # The child never leaves this function: everything above belongs to the parent, its database connection too.
    def hand_over(laid_out: Any, pdf: Any) -> None:
        if even:
            _fill_up(pdf, laid_out)
        path.write_bytes(_part_of(pdf).kept())
        os._exit(0)

    try:
        render(document, hand_over)
    except BaseException:
        log.exception("a part of a PDF was not rendered")
    finally:
        os._exit(1)


def _fill_up(pdf: Any, laid_out: Any) -> None:
    """Put an empty page after each piece that ends on an odd page; nothing is drawn on it, so that it needs no tags."""
    kids, began = pdf.pages["Kids"], 0
    pages = [kids[place : place + 3] for place in range(0, len(kids), 3)]
    filled: list[Any] = []
    for number, page in enumerate(laid_out.pages):
        filled += pages[number]
        if any(name.startswith(END) for name in page.anchors):
            if (number + 1 - began) % 2:
                size = pdf.objects[pages[number][0]]["MediaBox"]
                empty = {"Type": "/Page", "Parent": pdf.pages.reference, "MediaBox": size}
                pdf.add_object(pydyf.Dictionary({**empty, "Resources": pydyf.Dictionary({})}))
                filled += [len(pdf.objects) - 1, 0, "R"]
            began = number + 1
    kids[:] = filled
    pdf.pages["Count"] = len(filled) // 3


def _part_of(pdf: Any) -> Part:
    root = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
    body, tree = pdf.objects[_number(root["K"][0])], pdf.objects[_number(root["ParentTree"])]
    once = {"pages": pdf.pages, "catalog": pdf.catalog, "root": root, "body": body, "tree": tree}
    left_out = {item.number for item in once.values()}
    return Part(
        [
            (item.number, pdf_file.deflated(item), True)
            if isinstance(item, pydyf.Stream)
            else (item.number, item.data, False)
            for item in pdf.objects
            if item.free == "n" and item.number not in left_out
        ],
        pdf.pages["Kids"][::3],
        {name: item.number for name, item in once.items()},
        [_number(reference) for reference in body["K"]],
        [(key, _bytes(value)) for key, value in zip(tree["Nums"][::2], tree["Nums"][1::2], strict=True)],
        {name: _bytes(value) for name, value in pdf.catalog.items() if name not in _OWN},
        pdf.info.data,
    )


def join(parts: Iterable[Part]) -> bytes:
    """Return the PDF of all parts in their order. Title, language and metadata are the first one's."""
    pdf = pydyf.PDF()
    tree = pydyf.Dictionary({"Nums": pydyf.Array()})
    pdf.add_object(tree)
    root = pydyf.Dictionary({"Type": "/StructTreeRoot", "ParentTree": tree.reference})
    pdf.add_object(root)
    body = pydyf.Dictionary({"Type": "/StructElem", "S": "/Document", "P": root.reference, "K": pydyf.Array()})
    pdf.add_object(body)
    root["K"] = pydyf.Array([body.reference])
    pdf.catalog["StructTreeRoot"] = root.reference
    once = {"pages": pdf.pages, "catalog": pdf.catalog, "root": root, "body": body, "tree": tree}
    for number, part in enumerate(parts):
        _add(pdf, once, part, number)
    return pdf_file.written(pdf)


def _add(pdf: Any, once: dict[str, Any], part: Part, number: int) -> None:
    """Append a part to the file under new numbers."""
    new = {old: once[name].number for name, old in part.once.items()}
    new |= {old: len(pdf.objects) + place for place, (old, _data, _stream) in enumerate(part.objects)}
    tree, body = once["tree"], once["body"]
    first = max(tree["Nums"][::2], default=-1) + 1
    prefix = b"%d-" % number

    def renumbered(data: bytes) -> bytes:
        data = _REFERENCE.sub(lambda found: b"%d 0 R" % new[int(found[1])] if found[1] else found[0], data)
        data = _PLACE.sub(lambda found: b"/%s %d" % (found[1], int(found[2]) + first), data)
        return _NAMES.sub(lambda found: found[0].replace(b"(", b"(" + prefix), data)

    for _old, data, stream in part.objects:
        head, mark, rest = data.partition(b"stream\n") if stream else (data, b"", b"")
        pdf.add_object(_Raw(renumbered(head) + mark + rest, stream=stream))
    for old in part.pages:
        pdf.pages["Count"] += 1
        pdf.pages["Kids"].extend([new[old], 0, "R"])
    body["K"].extend(b"%d 0 R" % new[old] for old in part.tags)
    for key, data in part.places:
        tree["Nums"].extend([key + first, renumbered(data)])
    if not number:
        pdf.catalog.update({name: renumbered(data) for name, data in part.head.items()})
        pdf.info = _Raw(part.about)


def _in_base64(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(type(value))


def _bytes_of(text: str) -> bytes:
    return base64.b64decode(text)


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else bytes(value.data)


def _number(reference: bytes) -> int:
    return int(reference.split()[0])
