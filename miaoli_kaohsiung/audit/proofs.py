"""That an entry stands in the trail of its day, to be checked by anybody without this portal.

A proof is plain JSON in canonical form: the entry, the hashes beside its way up the day's tree, the day's head and its
mark, which others keep (the exported heads, a witness, an authority for time stamps). `static/proofs/check_proof.py`
checks it.
"""

import base64
import hashlib
import logging
from collections.abc import Iterator
from typing import Any

from .chain import COLUMNS, canonical, digest_of, plain
from .models import AuditAttestation, AuditEntry, AuditSeal
from .tree import Tree, way

log = logging.getLogger(__name__)


class NotSealedError(LookupError):
    """The entry's day is not over yet."""


class BrokenError(RuntimeError):
    """The trail is not what was sealed: `verify_audit` says where."""


def sealed(seal: AuditSeal) -> AuditSeal:
    """Fill in the tree over the entries since the last day that has one, and the mark of the day; leave both empty for a
    trail with gaps, which gives no proofs and is sealed as it is.
    """
    tree = Tree()
    try:
        for entry_hash in _hashes(_first(seal), seal.seq):
            tree.add(entry_hash)
    except BrokenError:
        log.exception("the trail has a gap, no proofs of %s", seal.day)
        return seal
    seal.tree = tree.top
    seal.mark = digest_of(head_of(seal))
    return seal


def head_of(seal: AuditSeal) -> dict[str, Any]:
    """Return what the mark covers: the day, its first and last entry, the chain's hash and the tree."""
    return {
        "day": seal.day.isoformat(),
        "first": _first(seal),
        "last": seal.seq,
        "hash": seal.hash,
        "tree": seal.tree,
    }


def line_of(seal: AuditSeal) -> str:
    """Return the day's line in the exported heads."""
    return f"{seal.day.isoformat()} {seal.seq} {seal.hash} {seal.mark}".rstrip()


def proof_of(entry: AuditEntry, content: Any = None) -> bytes:
    """Return the proof of the entry as a file; `content` is plain JSON whose SHA-256 the entry has. Raises
    NotSealedError, BrokenError.
    """
    seal = AuditSeal.objects.filter(seq__gte=entry.seq).exclude(mark="").order_by("day").first()
    if seal is None:
        raise NotSealedError
    head = head_of(seal)
    hashes = list(_hashes(head["first"], seal.seq))
    tree = Tree()
    for entry_hash in hashes:
        tree.add(entry_hash)
    if tree.top != seal.tree or digest_of(head) != seal.mark:
        raise BrokenError(f"{seal.day} is not what was sealed")
    columns = AuditEntry.objects.values(*COLUMNS).get(pk=entry.pk)
    return canonical(
        {
            "content": content,
            "entry": plain(columns),
            "way": way(hashes, entry.seq - head["first"]),
            "head": head,
            "mark": seal.mark,
            "stamp": _stamp_of(seal),
        }
    )


def wrong_seal() -> AuditSeal | None:
    """Return the first seal whose tree or mark is not that of the entries; None if all hold. Reads every hash once."""
    for seal in AuditSeal.objects.exclude(mark="").order_by("day"):
        again = sealed(AuditSeal(day=seal.day, seq=seal.seq, hash=seal.hash))
        if (again.tree, again.mark) != (seal.tree, seal.mark):
            return seal
    return None


def _first(seal: AuditSeal) -> int:
    before = AuditSeal.objects.filter(day__lt=seal.day).exclude(mark="").order_by("-day").first()
    return before.seq + 1 if before else 1


def _hashes(first: int, last: int) -> Iterator[str]:
    """Yield the hashes of the entries from first to last. Raises BrokenError if one is missing."""
    rows = AuditEntry.objects.filter(seq__gte=first, seq__lte=last).order_by("seq")
    wanted = first
    for seq, entry_hash in rows.values_list("seq", "hash").iterator(chunk_size=10_000):
        if seq != wanted:
            raise BrokenError(f"{wanted} is missing")
        wanted += 1
        yield entry_hash


def _stamp_of(seal: AuditSeal) -> dict[str, str] | None:
    """Return the time stamp of the day's mark, in letters, with its hash; None if there is none."""
    found = seal.attestations.filter(kind=AuditAttestation.Kind.STAMP).first()
    if found is None:
        return None
    token = base64.b64encode(found.token).decode("ascii")
    return {"token": token, "sha256": hashlib.sha256(token.encode()).hexdigest()}
