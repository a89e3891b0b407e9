"""Reads the chain from its first link to its last and names the first that does not hold."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from miaoli_kaohsiung.lib.roc_date import format_roc

from . import proofs
from .chain import COLUMNS, hash_of
from .models import GENESIS, AuditEntry, AuditHead, AuditSeal


@dataclass(frozen=True)
class Head:
    """A link that the chain is known to have had, and the source of that knowledge."""

    seq: int
    hash: str
    source: str


@dataclass(frozen=True)
class Report:
    """The result: `problem` is one line that names the entry, or ""; `entries` is how many held."""

    entries: int
    problem: str = ""


def verify(exported: Iterable[Head] = (), newest: int | None = None) -> Report:
    """Compare the trail with itself, with its head, with the daily seals and with heads exported elsewhere.

    Reads as a stream, in one statement; may run while the portal is at work. With `newest` only that many entries at
    the end are read, and earlier ones are trusted: quick enough for a page, but no proof of the whole.
    """
    known = _known_heads(exported)
    first, link = _start(newest)
    seq = first
    if problem := _differs({"seq": first, "hash": link}, known.get(first, ())):
        return Report(0, problem)
    known = {number: heads for number, heads in known.items() if number > first}
    for entry in _entries(first):
        if problem := _broken(entry, seq, link) or _differs(entry, known.pop(entry["seq"], ())):
            return Report(seq - first, problem)
        seq, link = entry["seq"], entry["hash"]
    return Report(seq - first, _wrong_end(seq, known) or (_wrong_tree() if newest is None else ""))


def _start(newest: int | None) -> tuple[int, str]:
    """Return number and hash of the entry after which reading begins; the very beginning if that entry is missing."""
    head = AuditHead.objects.first() if newest is not None else None
    if newest is None or head is None or head.seq <= newest:
        return 0, GENESIS
    before = AuditEntry.objects.filter(seq=head.seq - newest).first()
    return (before.seq, before.hash) if before else (0, GENESIS)


def heads_in(text: str, source: str) -> Iterator[Head]:
    """Yield heads from an exported file: lines of "day seq hash mark", the last one only since there are marks. Raises ValueError for any other line."""
    for line in text.splitlines():
        if line.strip():
            day, seq, digest, *_mark = line.split()
            yield Head(int(seq), digest, f"{source} {day}")


def heads_in_file(path: Path) -> list[Head]:
    """Return the heads exported to `path`; none if there is no file yet."""
    return list(heads_in(path.read_text("ascii"), path.name)) if path.exists() else []


def _known_heads(exported: Iterable[Head]) -> dict[int, list[Head]]:
    """Return the heads by number. They are read before the entries, so that every entry they name is among those read."""
    known = defaultdict(list)
    seals = AuditSeal.objects.all()
    own = [Head(seal.seq, seal.hash, _("%(day)s的封存值") % {"day": format_roc(seal.day)}) for seal in seals]
    own += [Head(end.seq, end.hash, _("鏈首")) for end in AuditHead.objects.all()]
    for head in [*own, *exported]:
        known[head.seq].append(head)
    known.pop(0, None)
    return known


def _entries(after: int) -> Iterator[dict[str, Any]]:
    # From the beginning without a lower bound: an entry inserted before the first has a number below 1.
    rows = AuditEntry.objects.filter(seq__gt=after) if after else AuditEntry.objects
    entries: Iterator[dict[str, Any]] = rows.order_by("seq").values(*COLUMNS, "hash").iterator(chunk_size=2000)
    return entries


def _broken(entry: dict[str, Any], last: int, link: str) -> str:
    number = entry["seq"]
    if number <= last:
        return _("第 %(seq)d 筆：多出來的紀錄。") % {"seq": number}
    if number > last + 1:
        return _("第 %(seq)d 筆：紀錄不見了，其後為第 %(next)d 筆。") % {"seq": last + 1, "next": number}
    if hash_of(entry) != entry["hash"]:
        return _("第 %(seq)d 筆：內容與雜湊值不符，曾遭更動、抽換或插入。") % {"seq": number}
    if entry["prev_hash"] != link:
        return _("第 %(seq)d 筆：與前一筆不相連，前一筆曾遭更動，或此筆為插入。") % {"seq": number}
    return ""


def _differs(entry: Mapping[str, Any], heads: Iterable[Head]) -> str:
    for head in heads:
        if head.hash != entry["hash"]:
            return _("第 %(seq)d 筆：與%(source)s不符，紀錄曾遭改寫。") % {"seq": head.seq, "source": head.source}
    return ""


def _wrong_end(last: int, left: dict[int, list[Head]]) -> str:
    """Return the fault at the end: heads beyond the last entry mean a cut-off tail, entries beyond the head bypassed
    the portal.
    """
    if left:
        head = left[max(left)][0]
        return _("第 %(seq)d 筆起：末尾紀錄不見了，%(source)s記載至第 %(head)d 筆。") % {
            "seq": last + 1,
            "source": head.source,
            "head": head.seq,
        }
    end = AuditHead.objects.first()
    if last > (end.seq if end else 0):
        return _("第 %(seq)d 筆：末尾紀錄不是由本系統寫入。") % {"seq": last}
    return ""


def _wrong_tree() -> str:
    """Return the fault of the first day whose proofs would not hold."""
    seal = proofs.wrong_seal()
    return _("%(day)s的封存：存證值與紀錄不符，曾遭改寫。") % {"day": format_roc(seal.day)} if seal else ""
