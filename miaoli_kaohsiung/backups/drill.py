"""A restore that is tried: into a folder that is removed again, checked by the portal's own commands, held against the
portal that goes on.
"""

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from miaoli_kaohsiung.audit.models import AuditEntry, AuditHead
from miaoli_kaohsiung.files.models import StoredFile

from .checking import STORED_FILE, Answer
from .folder import Folder
from .programs import BackupError
from .restoring import Restored, restored

# What may be lost when the portal's machine is lost.
LOSS = dt.timedelta(seconds=5)


@dataclass(frozen=True)
class Drill:
    """What was restored, what is wrong with it, and how far the portal has gone on since: entries and seconds.

    `late` counts files of the last seconds, whose rows were copied before their bytes.
    """

    set: str
    answer: Answer
    late: int
    entries_behind: int
    seconds_behind: float


def try_restore(folder: Folder, until: dt.datetime | None = None) -> Drill:
    """Restore, look at everything, remove it again. Raises BackupError when nothing could be restored."""
    with tempfile.TemporaryDirectory(prefix="portal-restored-") as place, restored(folder, Path(place), until) as found:
        answer = _asked(found, newest=until is None)
        late = _late(answer, found.missing)
        missing = [f"missing in the backup: {path}" for path in found.missing if path not in late]
        # The restored portal misses the same files.
        own = [problem for problem in answer.problems if problem.removeprefix(STORED_FILE) not in found.missing]
        answer.problems = own + missing
        entries, seconds = _behind(answer)
        return Drill(found.set.name, answer, len(late), entries, seconds)


def _asked(found: Restored, *, newest: bool) -> Answer:
    """Run `check_data` on what was restored, as a process of its own: this one belongs to the portal's database."""
    env = {**os.environ, "DATABASE_URL": found.url, "VAR_DIR": str(found.place)}
    env.setdefault("DJANGO_SETTINGS_MODULE", "miaoli_kaohsiung.settings")
    if not newest:
        # The portal's own exported heads are younger than an earlier day.
        env["AUDIT_HEADS_FILE"] = os.devnull
    command = [sys.executable, "-m", "django", "check_data", "--json"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False)
    try:
        return Answer(**json.loads(done.stdout.splitlines()[-1]))
    except (IndexError, TypeError, ValueError) as error:
        raise BackupError(f"What was restored could not be checked:\n{done.stderr[-2000:]}") from error


def _late(answer: Answer, missing: list[str]) -> set[str]:
    """Return those of the missing files that came in the last seconds before what was restored."""
    if not answer.written:
        return set()
    since = dt.datetime.fromisoformat(answer.written) - LOSS
    return set(StoredFile.objects.filter(path__in=missing, uploaded_at__gte=since).values_list("path", flat=True))


def _behind(answer: Answer) -> tuple[int, float]:
    """Compare with the trail that goes on: the restored head must be one of its entries."""
    number, digest = answer.head.split(":")
    head, entry = AuditHead.objects.first(), AuditEntry.objects.filter(seq=int(number)).first()
    if head is None or entry is None:
        if int(number):
            answer.problems.append("The portal's trail does not have the restored entry any more.")
        return (head.seq if head else 0), 0.0
    if entry.hash != digest:
        answer.problems.append("The restored trail is not the portal's.")
    last = AuditEntry.objects.get(seq=head.seq)
    return head.seq - entry.seq, (last.at - entry.at).total_seconds()
