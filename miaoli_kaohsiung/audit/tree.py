"""The tree over the entries of a day, as RFC 9162 (2.1) builds it: with the few hashes beside its way to the top, an
entry is shown to stand in it without any other entry. Pure; hashes of entries are hexadecimal, those of the tree bytes.
"""

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256().hexdigest()


def leaf(entry_hash: str) -> bytes:
    return hashlib.sha256(b"\x00" + bytes.fromhex(entry_hash)).digest()


def pair(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """Grows entry by entry; keeps only the tops of its full parts, one for each bit of its size."""

    def __init__(self) -> None:
        self._tops: list[tuple[int, bytes]] = []

    def add(self, entry_hash: str) -> None:
        size, node = 1, leaf(entry_hash)
        while self._tops and self._tops[-1][0] == size:
            node, size = pair(self._tops.pop()[1], node), size * 2
        self._tops.append((size, node))

    @property
    def top(self) -> str:
        """The hash of everything that was added, hexadecimal."""
        if not self._tops:
            return EMPTY
        node = self._tops[-1][1]
        for _size, left in reversed(self._tops[:-1]):
            node = pair(left, node)
        return node.hex()


def way(hashes: Sequence[str], index: int) -> list[str]:
    """Return the hashes beside the way from entry `index` to the top, from below to above."""
    if len(hashes) == 1:
        return []
    left = 1 << ((len(hashes) - 1).bit_length() - 1)
    if index < left:
        return [*way(hashes[:left], index), top_of(hashes[left:])]
    return [*way(hashes[left:], index - left), top_of(hashes[:left])]


def top_of(hashes: Sequence[str]) -> str:
    tree = Tree()
    for entry_hash in hashes:
        tree.add(entry_hash)
    return tree.top
