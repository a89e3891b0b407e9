"""How a backup lies on disk, so that PostgreSQL's own tools can read it without the portal.

sets/20260101T030000Z/database   what pg_basebackup wrote, whole or only what changed since the set before
sets/20260101T030000Z/backup.json
sets/20260101T030000Z/files.tsv  every stored file: SHA-256, path
files/ab/abcdef…                 the bytes of each file once, by their SHA-256
wal/                             what happened since, second by second (pg_receivewal)
"""

import datetime as dt
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from miaoli_kaohsiung.files.services import sha256_of

_NAME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class BackupSet:
    """One run of `manage.py backup`. `before` names the set whose database this one goes on from; "" if it is whole.

    `head` is "number:hash" of the trail's newest entry when the run began, `finished` the time (UTC) at which the
    database of the set stands or later, `first_segment` the first file of wal/ that it needs.
    """

    name: str
    before: str
    finished: str
    head: str
    first_segment: str
    files: int

    @property
    def end(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.finished)


class Folder:
    """The folder of all backups; makes what is missing of it."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.sets, self.files, self.wal = self.path / "sets", self.path / "files", self.path / "wal"
        for place in (self.path, self.sets, self.files, self.wal):
            place.mkdir(parents=True, exist_ok=True, mode=0o700)

    def database(self, name: str) -> Path:
        return self.sets / name / "database"

    def begin(self, now: dt.datetime) -> str:
        """Return the name of a new set, for which an empty place is made."""
        name = now.astimezone(dt.UTC).strftime(_NAME)
        (self.sets / name).mkdir(mode=0o700)
        return name

    def end(self, made: BackupSet) -> None:
        """A set counts from now on: what has no backup.json was broken off."""
        (self.sets / made.name / "backup.json").write_text(json.dumps(asdict(made), indent=1), encoding="utf-8")

    def all(self) -> list[BackupSet]:
        """Return the sets that were made whole, the oldest first."""
        found = sorted(self.sets.glob("*/backup.json"))
        return [BackupSet(**json.loads(path.read_text(encoding="utf-8"))) for path in found]

    def chain(self, last: BackupSet) -> list[BackupSet]:
        """Return the sets that make up the database of `last`, the whole one first. Raises LookupError if one is gone."""
        known = {each.name: each for each in self.all()}
        chain = [last]
        while chain[0].before:
            if chain[0].before not in known:
                raise LookupError(f"The backup {chain[0].name} goes on from {chain[0].before}, which is not here.")
            chain.insert(0, known[chain[0].before])
        return chain

    def remove(self, name: str) -> None:
        """The mark goes first: a removal that is broken off leaves nothing that looks whole."""
        (self.sets / name / "backup.json").unlink(missing_ok=True)
        shutil.rmtree(self.sets / name)

    def object(self, sha256: str) -> Path:
        return self.files / sha256[:2] / sha256

    def take_in(self, source: IO[Any], sha256: str) -> bool:
        """Copy the bytes of a stored file; False if they are not those of their row, and then nothing is kept."""
        place = self.object(sha256)
        place.parent.mkdir(exist_ok=True, mode=0o700)
        half = place.with_name(f"{place.name}.{uuid.uuid4().hex}")
        with half.open("wb") as target:
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        if sha256_of(half) != sha256:
            half.unlink()
            return False
        half.replace(place)
        return True

    def write_list(self, name: str, rows: list[tuple[str, str]]) -> None:
        text = "".join(f"{sha256}\t{path}\n" for sha256, path in rows)
        (self.sets / name / "files.tsv").write_text(text, encoding="utf-8")

    def listed(self) -> set[str]:
        """The SHA-256 of every file that one of the sets needs."""
        return {line.split("\t")[0] for each in self.all() for line in self._lines(each.name)}

    def objects(self) -> Iterator[Path]:
        yield from (path for path in self.files.glob("??/*") if path.is_file())

    def _lines(self, name: str) -> list[str]:
        return (self.sets / name / "files.tsv").read_text(encoding="utf-8").splitlines()
