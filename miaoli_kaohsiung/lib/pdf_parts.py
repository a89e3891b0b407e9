"""A long PDF in parts: each is set by a process of its own, and the pages are joined in one file with one tree of tags.

Typesetting is plain Python and keeps one processor busy; a print run of a hundred letters has work for all of them. The
processes exchange the objects of the file as bytes, in which references are numbers.
"""

import logging
import os
import pickle
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydyf

log = logging.getLogger(__name__)

# A string, which is left alone, or a reference.
_REFERENCE = re.compile(rb"\((?:\\.|[^\\()])*\)|\b(\d+) 0 R\b", re.DOTALL)
# The place of a page or an annotation in the tree of tags.
_PLACE = re.compile(rb"/(StructParents?) (\d+)")
# The names of header cells, unique in a file, and the lists by which cells name theirs.
_NAMES = re.compile(rb"/ID \(|/Headers \[[^\]]*\]")

Render = Callable[[str, Callable[[Any, Any], None] | None], bytes]


class PartsError(RuntimeError):
    """A process did not deliver its part."""


@dataclass(frozen=True)
class Part:
    """The objects of a part (number, bytes, whether it is a stream) and those of them that the file has only once."""

    objects: list[tuple[int, bytes, bool]]
    pages: list[int]
    once: dict[str, int]
    tags: list[int]
    places: list[tuple[int, bytes]]


class _Raw(pydyf.Object):
    """An object that is written as it came."""

    def __init__(self, data: bytes, stream: bool) -> None:
        super().__init__()
        self._data, self._stream = data, stream

    @property
    def data(self) -> bytes:
        return self._data

    @property
    def compressible(self) -> bool:
        return not self._stream


def render_parts(render: Render, documents: Sequence[str]) -> bytes:
    """Return `render(document, finisher)` of each document as one tagged PDF in their order; other processes set all
    but the first.

    Title, language and metadata are the first one's. Raises PartsError when a process fails: then render it whole.
    """
    with tempfile.TemporaryDirectory(prefix="pdf-") as folder:
        paths = [Path(folder, str(place)) for place in range(1, len(documents))]
        children = [_fork(render, document, path) for document, path in zip(documents[1:], paths, strict=True)]

        def gather(document: Any, pdf: Any) -> None:
            while children:
                if os.waitstatus_to_exitcode(os.waitpid(children.pop(), 0)[1]):
                    raise PartsError("a part of the PDF was not rendered")
            for number, path in enumerate(paths, 1):
                _add(pdf, pickle.loads(path.read_bytes()), number)  # noqa: S301 -- written by our own child just now

        try:
            return render(documents[0], gather)
        finally:
            for child in children:
                os.waitpid(child, 0)


def _fork(render: Render, document: str, path: Path) -> int:
    child = os.fork()
    if child:
        return child
    # The child never leaves this function: everything above belongs to the parent, its database connection too.
    try:
        render(document, lambda _document, pdf: _hand_over(pdf, path))
    except BaseException:
        log.exception("a part of a PDF was not rendered")
    finally:
        os._exit(1)


def _hand_over(pdf: Any, path: Path) -> None:
    path.write_bytes(pickle.dumps(_part_of(pdf)))
    os._exit(0)


def _part_of(pdf: Any) -> Part:
    root = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
    body, tree = pdf.objects[_number(root["K"][0])], pdf.objects[_number(root["ParentTree"])]
    once = {"pages": pdf.pages, "catalog": pdf.catalog, "root": root, "body": body, "tree": tree}
    left_out = {item.number for item in once.values()}
    return Part(
        [
            (item.number, item.data, isinstance(item, pydyf.Stream))
            for item in pdf.objects
            if item.free == "n" and item.number not in left_out
        ],
        pdf.pages["Kids"][::3],
        {name: item.number for name, item in once.items()},
        [_number(reference) for reference in body["K"]],
        [(key, _bytes(value)) for key, value in zip(tree["Nums"][::2], tree["Nums"][1::2], strict=True)],
    )


def _add(pdf: Any, part: Part, number: int) -> None:
    """Append a part to the file under new numbers."""
    root = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
    body, tree = pdf.objects[_number(root["K"][0])], pdf.objects[_number(root["ParentTree"])]
    here = {"pages": pdf.pages, "catalog": pdf.catalog, "root": root, "body": body, "tree": tree}
    new = {old: here[name].number for name, old in part.once.items()}
    new |= {old: len(pdf.objects) + place for place, (old, _data, _stream) in enumerate(part.objects)}
    first = max(tree["Nums"][::2]) + 1
    prefix = b"%d-" % number

    def renumbered(data: bytes) -> bytes:
        data = _REFERENCE.sub(lambda found: b"%d 0 R" % new[int(found[1])] if found[1] else found[0], data)
        data = _PLACE.sub(lambda found: b"/%s %d" % (found[1], int(found[2]) + first), data)
        return _NAMES.sub(lambda found: found[0].replace(b"(", b"(" + prefix), data)

    for _old, data, stream in part.objects:
        head, mark, rest = data.partition(b"stream\n") if stream else (data, b"", b"")
        pdf.add_object(_Raw(renumbered(head) + mark + rest, stream))
    for old in part.pages:
        pdf.pages["Count"] += 1
        pdf.pages["Kids"].extend([new[old], 0, "R"])
    body["K"].extend(b"%d 0 R" % new[old] for old in part.tags)
    for key, data in part.places:
        tree["Nums"].extend([key + first, renumbered(data)])


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else value.data


def _number(reference: bytes) -> int:
    return int(reference.split()[0])
