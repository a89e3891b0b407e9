"""An entry is shown to stand in its day by a file that anybody checks without the portal; one changed byte is found."""

import base64
import datetime as dt
import hashlib
import importlib.util
import json
import subprocess
import sys
from types import ModuleType

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from miaoli_kaohsiung.audit import actions, attesting, proofs, services, trail, tree
from miaoli_kaohsiung.audit.chain import digest_of
from miaoli_kaohsiung.audit.models import AuditAttestation, AuditEntry, AuditSeal
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.audit.verify import heads_in_file, verify
from miaoli_kaohsiung.lib import clock
from tests.audit.authority import Authority, served
from tests.audit.test_verify_audit import tamper
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

SAVE = actions.register("test.save", "儲存")
SCRIPT = settings.BASE_DIR / "static" / "proofs" / "check_proof.py"
CONTENT = {"title": "社區防災", "lines": [{"item": "printing", "requested": 10_000}]}


def checker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_proof", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


check = checker()


def write(count: int) -> None:
    person = UserFactory()
    with trail.unit_of_work(Actor(person, "高雄縣 承辦人")):
        for number in range(count):
            trail.record(SAVE, person, after={"sha256": digest_of(CONTENT), "n": number}, case=f"88-099-{number:04}")


def sealed_days(*counts: int) -> list[AuditSeal]:
    """Seals of so many entries, a day each."""
    seals = []
    for later, count in enumerate(counts):
        with clock.travel(clock.today() + dt.timedelta(days=later)):
            write(count)
            seals.append(services.seal_audit())
    return seals


def proof(seq: int) -> bytes:
    return proofs.proof_of(AuditEntry.objects.get(seq=seq), CONTENT)


def does_not_hold(data: bytes, heads: str = "") -> bool:
    """Whether the script finds a fault, or cannot read the file at all."""
    try:
        return bool(check.faults(data, heads))
    except (ValueError, KeyError, TypeError, AttributeError):
        return True


# --- The tree ----------------------------------------------------------------------------------------------------------


def test_the_tree_is_that_of_the_standard():
    """RFC 9162, 2.1: the left part is the largest power of two below the size."""

    def top(leaves: list[bytes]) -> bytes:
        if len(leaves) == 1:
            return leaves[0]
        left = max(2**n for n in range(8) if 2**n < len(leaves))
        return hashlib.sha256(b"\x01" + top(leaves[:left]) + top(leaves[left:])).digest()

    hashes = [hashlib.sha256(bytes([number])).hexdigest() for number in range(40)]
    assert tree.top_of([]) == hashlib.sha256(b"").hexdigest()
    for size in range(1, 41):
        leaves = [hashlib.sha256(b"\x00" + bytes.fromhex(text)).digest() for text in hashes[:size]]
        assert tree.top_of(hashes[:size]) == top(leaves).hex()


def test_every_entry_of_days_of_every_size_has_its_proof():
    seals = sealed_days(1, 2, 3, 5, 8, 13)
    heads = "".join(f"{proofs.line_of(seal)}\n" for seal in seals)
    assert [check.faults(proof(seq), heads) for seq in range(1, 33)] == [[]] * 32
    assert len(json.loads(proof(32))["way"]) == 2
    assert len(json.loads(proof(20))["way"]) == 4


# --- One changed byte ----------------------------------------------------------------------------------------------------


def test_one_changed_byte_is_found_wherever_it_is():
    sealed_days(3, 11)
    AuditAttestation.objects.create(seal=AuditSeal.objects.last(), kind="stamp", token=b"a stamp", at=clock.now())
    data = proof(9)
    assert check.faults(data) == []
    unseen = [
        (place, flipped)
        for place in range(len(data))
        for flipped in (1, 32)
        if not does_not_hold(data[:place] + bytes([data[place] ^ flipped]) + data[place + 1 :])
    ]
    assert unseen == []
    assert [place for place in range(len(data)) if not does_not_hold(data[:place] + data[place + 1 :])] == []


@pytest.mark.parametrize("part", ["content", "entry", "way", "first"])
def test_a_careful_forger_is_found_by_what_others_keep(part):
    """Whoever makes the file anew around another content has another mark, which stands in no list of heads."""
    (seal,) = sealed_days(7)
    forged = json.loads(proof(4))
    if part == "content":
        forged["content"]["title"] = "別的計畫"
        forged["entry"]["after"]["sha256"] = digest_of(forged["content"])
    elif part == "entry":
        forged["entry"]["actor_name"] = "別人"
    elif part == "way":
        forged["way"][0] = "00" * 32
    else:
        forged["head"]["first"] = 4
        forged["way"] = []
    forged["head"]["tree"] = _top_of(forged)
    if part == "first":
        forged["head"]["last"] = 4
    forged["mark"] = digest_of(forged["head"])
    data = proofs.canonical(forged)
    assert check.faults(data) == []
    assert check.faults(data, proofs.line_of(seal)) == ["heads.txt 沒有這個存證值"]


def _top_of(forged: dict) -> str:
    """The top that the forged way leads to, for seven entries of which this is the fourth, or for itself alone."""
    node = tree.leaf(digest_of(forged["entry"]))
    for number, other in enumerate(map(bytes.fromhex, forged["way"])):
        node = tree.pair(other, node) if number < 2 else tree.pair(node, other)
    return node.hex()


def test_a_file_is_known_by_its_hash(tmp_path):
    person = UserFactory()
    letter = b"%PDF-1.7 a letter"
    with trail.unit_of_work(Actor(person)):
        trail.record(SAVE, person, after={"sha256": hashlib.sha256(letter).hexdigest()})
    services.seal_audit()
    data = proofs.proof_of(AuditEntry.objects.get())
    assert check.faults(data, files=[("letter.pdf", letter)]) == []
    assert check.faults(data, files=[("letter.pdf", letter + b" ")]) == ["存證裡沒有 letter.pdf"]


def test_the_script_runs_alone_and_is_short(tmp_path):
    (seal,) = sealed_days(2)
    assert len(SCRIPT.read_text().splitlines()) <= 50
    (tmp_path / "proof.json").write_bytes(proof(2))
    (tmp_path / "heads.txt").write_text(proofs.line_of(seal) + "\n")
    command = [sys.executable, "-I", "-S", str(SCRIPT), "proof.json", "heads.txt"]
    good = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (good.returncode, good.stdout) == (0, f"存證成立 2010-06-01 {seal.mark}\n")
    (tmp_path / "proof.json").write_bytes(proof(2).replace(b"10000", b"10001"))
    bad = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (bad.returncode, bad.stderr) == (1, "內容和紀錄不符\n")


# --- The seal ------------------------------------------------------------------------------------------------------------


def test_before_the_day_is_sealed_there_is_no_proof():
    write(2)
    with pytest.raises(proofs.NotSealedError):
        proof(1)


def test_days_that_an_older_release_sealed_are_covered_by_the_next_one():
    write(2)
    AuditSeal.objects.create(day=clock.today() - dt.timedelta(days=1), seq=2, hash="ab" * 32, made_at=clock.now())
    write(1)
    seal = services.seal_audit()
    assert proofs.head_of(seal)["first"] == 1
    assert check.faults(proof(1), proofs.line_of(seal)) == []


def test_a_trail_with_a_gap_is_sealed_without_a_mark():
    write(3)
    tamper("DELETE FROM audit_auditentry WHERE seq = 2")
    assert (services.seal_audit().seq, services.seal_audit().mark) == (3, "")


@pytest.mark.parametrize("column", ["tree", "mark"])
def test_a_changed_seal_is_found_and_gives_no_proof(column):
    sealed_days(3)
    tamper(f"UPDATE audit_auditseal SET {column} = repeat('0', 64)")
    assert verify().problem == "99年6月1日的封存：存證值與紀錄不符，曾遭改寫。"
    with pytest.raises(proofs.BrokenError):
        proof(1)


def test_the_exported_line_has_the_mark(run_on_commit):
    with run_on_commit():
        (seal,) = sealed_days(2)
    assert services.heads_file().read_text("ascii") == f"2010-06-01 2 {seal.hash} {seal.mark}\n"
    assert [head.hash for head in heads_in_file(services.heads_file())] == [seal.hash]


# --- What others say ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def test_the_mark_is_stamped_once_and_openssl_agrees(authority, settings):
    first, second = sealed_days(2, 3)
    with served(authority.answer) as url:
        settings.AUDIT_TSA_URL, settings.AUDIT_TSA_CA = url, str(authority.ca)
        assert (attesting.attest(), attesting.attest()) == (2, 0)
    tokens = [bytes(row.token) for row in AuditAttestation.objects.order_by("seal")]
    assert [authority.holds(seal.mark.encode(), token) for seal in (first, second) for token in tokens] == [
        True,
        False,
        False,
        True,
    ]
    carried = json.loads(proof(4))
    assert base64.b64decode(carried["stamp"]["token"]) == tokens[1]
    assert check.faults(proof(4)) == []


def test_a_stamp_of_another_authority_or_of_something_else_is_not_kept(authority, settings, tmp_path):
    sealed_days(2)
    stranger = Authority(tmp_path / "stranger", "stranger.example")
    settings.AUDIT_TSA_CA = str(authority.ca)
    earlier = authority.answer(_query())
    answers = {
        "of a stranger": stranger.answer,
        "nothing like a stamp": lambda query: (200, b"<html>"),
        "down": lambda query: (503, b""),
        "of an earlier question": lambda query: earlier,
    }
    for name, answer in answers.items():
        with served(answer) as url:
            settings.AUDIT_TSA_URL = url
            assert attesting.attest() == 0, name
    settings.AUDIT_TSA_URL = "http://127.0.0.1:9/"
    assert (attesting.attest(), AuditAttestation.objects.count()) == (0, 0)


def _query() -> bytes:
    builder = attesting.TimestampRequestBuilder().data(AuditSeal.objects.get().mark.encode())
    return builder.hash_algorithm(attesting.HashAlgorithm.SHA256).build().as_bytes()


def test_a_witness_is_handed_each_line_once(settings):
    first, second = sealed_days(2, 3)
    taken: list[bytes] = []

    def answer(line: bytes) -> tuple[int, bytes]:
        taken.append(line)
        return (201, b"") if len(taken) > 1 else (500, b"")

    with served(answer) as url:
        settings.AUDIT_WITNESS_URL, settings.AUDIT_WITNESS_TOKEN = url, "secret"
        assert [attesting.attest() for _time in range(3)] == [0, 2, 0]
    lines = [f"{proofs.line_of(seal)}\n".encode() for seal in (first, second)]
    assert taken == [lines[0], *lines]


def test_what_others_said_is_never_changed():
    (seal,) = sealed_days(1)
    row = AuditAttestation.objects.create(seal=seal, kind="stamp", token=b"x", at=clock.now())
    for change in (row.delete, lambda: AuditAttestation.objects.update(token=b"y")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
