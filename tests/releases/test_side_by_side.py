"""R35: an upgrade without a pause. The release that runs goes on while the database is migrated under it, then both work."""

import io
import json
import os
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings

from .served import Release, Visitor, environment_of
from .walk import Walk

pytestmark = pytest.mark.skipif(not os.environ.get("SOAK"), reason="two releases, migrated and served: make soak")

ROOT = Path(settings.BASE_DIR)
NUMBERS = "^[a-z_]+ [0-9][0-9][0-9][0-9]$"
NAME = "portal_two_releases"
READERS = ("officer", "head", "finance", "auditor")


def git(*arguments: str) -> bytes:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"no history of an older release stands here: {done.stderr.decode().strip()[:200]}")
    return done.stdout


def released() -> str:
    """The commit with which the numbers in deploy/released.txt were written last: the release that runs."""
    found = git("log", "-1", "--format=%H", f"-G{NUMBERS}", "--", "deploy/released.txt").decode().strip()
    if not found or found.encode() in git("rev-list", "--max-parents=0", "HEAD").split():
        pytest.skip("this checkout does not have the history of deploy/released.txt")
    return found


@pytest.fixture
def older_sources(tmp_path: Path) -> Path:
    """What stood in the repository then; packages of Python and npm are those of this checkout."""
    root = tmp_path / "older"
    with tarfile.open(fileobj=io.BytesIO(git("archive", released()))) as archive:
        archive.extractall(root, filter="data")
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    return root


@pytest.fixture
def database() -> Iterator[str]:
    """An empty database of its own on the server of the tests."""
    server = urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres").geturl()
    connection = psycopg2.connect(server)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {NAME}")
        yield server.replace("/postgres?", f"/{NAME}?")
        cursor.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
    connection.close()


@pytest.fixture
def releases(tmp_path: Path, older_sources: Path, database: str) -> tuple[Release, Release]:
    for name in ("files", "mail", "broker/messages", "broker/control"):
        (tmp_path / "var" / name).mkdir(parents=True)
    (tmp_path / "var" / "portal_date").write_text("2010-06-01")
    environment = environment_of(database, tmp_path / "var")
    return Release("older", older_sources, environment), Release("newer", ROOT, environment)


def begin(release: Release) -> dict:
    """The database as the older release made it, with people and cases of its own."""
    for command in (["migrate", "-v", "0"], ["createcachetable"], ["sync_schemes"]):
        release.manage(*command)
    return json.loads(release.runs(str(Path(__file__).with_name("beginning.py"))))


def writes_on(address: str, draft: dict[str, str], over: threading.Event) -> list[str]:
    """Somebody saves one draft again and again until it is over; what was answered as saved."""
    member, saved = Visitor(address, draft["member"]), []
    while not over.is_set():
        words = f"第{len(saved) + 1}次寫的"
        member.fills(f"/applications/{draft['number']}/edit/project/", {"goal": words})
        saved.append(words)
    return saved


def upgrade(release: Release, address: str, drafts: list[dict[str, str]]) -> None:
    """Migrate under the hands of people who write; nothing that was answered as saved is lost."""
    over = threading.Event()
    with ThreadPoolExecutor(len(drafts)) as people:
        writing = [people.submit(writes_on, address, draft, over) for draft in drafts]
        try:
            for command in (["migrate", "-v", "0"], ["createcachetable"], ["sync_schemes"]):
                release.manage(*command)
        finally:
            over.set()
    for draft, saved in zip(drafts, (each.result() for each in writing), strict=True):
        assert len(saved) > 1
        assert saved[-1] in Visitor(address, draft["member"]).goes(f"/applications/{draft['number']}/").text_content()


def works(walk: Walk, turn: int) -> None:
    """A draft, two decisions, a payment and a settlement, each begun at the one server and gone on with at the other."""
    begun = walk.begun
    walk.files_a_draft(begun["drafts"][turn], f"共餐和關懷訪視之{turn}")
    walk.decides(begun["checked"][turn], proposed=False)
    walk.decides(begun["proposed"][turn], proposed=True)
    walk.pays(begun["awards"][turn])
    walk.settles(begun["awards"][turn])


def rows(database: str, query: str) -> list[tuple]:
    with psycopg2.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_two_releases_work_on_one_database(releases, database):
    older, newer = releases
    begun = begin(older)
    with ExitStack() as stack:
        before = stack.enter_context(older.serving())
        upgrade(newer, before, begun["drafts"][4:])
        after = stack.enter_context(newer.serving())
        walks = [Walk(before, after, begun), Walk(after, before, begun)]
        for turn, walk in enumerate(walks):
            works(walk, turn)
        # Each opens what the other made, as after going back to the older one.
        looked = [walk.looks_at_everything(walk.first, begun[who], 25) for walk in walks for who in READERS]
    assert min(looked) >= 20
    filed = [draft["number"] for draft in begun["drafts"][:2]]
    assert rows(
        database,
        f"SELECT count(*) FROM grants_applicationversion v JOIN grants_application a ON a.id = v.application_id WHERE a.number IN {tuple(filed)}",
    ) == [(2,)]
    paid = [award["number"] for award in begun["awards"][:2]]
    assert rows(
        database,
        f"SELECT count(*), sum(l.amount) FROM grants_ledgerentry l JOIN grants_award a ON a.id = l.award_id WHERE kind = 'paid' AND a.number IN {tuple(paid)}",
    ) == [(2, 120_000)]
    decided = begun["checked"] + begun["proposed"]
    assert rows(database, f"SELECT count(*) FROM grants_award WHERE number IN {tuple(decided)}") == [(4,)]
    for release in releases:
        for command in ("verify_audit", "reconcile", "replay"):
            release.manage(command)
    print(
        f"\n{sum(len(walk.answers) for walk in walks)} requests at two releases, none answered by an error of the server"
    )
