"""What is installed is known: each pin has its hash, the list of parts names all, known holes are found in a dated copy."""

import json
import zipfile

import pytest

from miaoli_kaohsiung.trial import supply

EVERYTHING = {pin.name: pin.version for pin in supply.locked(supply.LOCK.read_text("utf-8"))}


def test_every_pin_of_production_has_its_hash():
    """A new pin: `make lock`."""
    pins = supply.pinned(supply.PINS)
    assert {name: EVERYTHING.get(name) for name in pins} == pins
    assert supply.HEAD + "\n".join(sorted(_lines())) + "\n" == supply.LOCK.read_text("utf-8")


def _lines() -> list[str]:
    return [f"{pin.name}=={pin.version} --hash=sha256:{pin.sha256}" for pin in supply.locked(supply.LOCK.read_text())]


def test_the_list_of_parts_names_all_of_python_and_npm(tmp_path):
    assert supply.sbom(tmp_path / "sbom.json") == 0
    parts = json.loads((tmp_path / "sbom.json").read_text())["components"]
    urls = {part["purl"] for part in parts}
    assert f"pkg:pypi/django@{EVERYTHING['django']}" in urls
    assert "pkg:npm/bootstrap@5.3.8" in urls
    npm = [path for path in json.loads(supply.NPM.read_text())["packages"] if path]
    assert len(parts) == len(EVERYTHING) + len(npm)
    assert all(len(part["hashes"][0]["content"]) in (64, 128) for part in parts)


@pytest.fixture
def copy(tmp_path):
    """A copy of advisories of our own: each about one package of ours, or not."""

    def made(**affected) -> object:
        advisory = {
            "id": "OWN-1",
            "summary": "a hole",
            "modified": "2026-11-01T00:00:00Z",
            "affected": [{"package": {"ecosystem": "PyPI", "name": "Django"}, **affected}],
        }
        path = tmp_path / "all.zip"
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("OWN-1.json", json.dumps(advisory))
        return path

    return made


def events(*pairs: tuple[str, str]) -> dict:
    return {"ranges": [{"type": "ECOSYSTEM", "events": [{kind: version} for kind, version in pairs]}]}


OURS = EVERYTHING["django"]


@pytest.mark.parametrize(
    ("affected", "status"),
    [
        ({"versions": [OURS]}, 1),
        ({"versions": ["1.0"]}, 0),
        (events(("introduced", "0")), 1),
        (events(("introduced", "0"), ("fixed", OURS)), 0),
        (events(("introduced", OURS), ("fixed", "99")), 1),
        (events(("introduced", "0"), ("last_affected", OURS)), 1),
        (events(("introduced", "99")), 0),
    ],
)
def test_a_known_hole_is_found_in_a_dated_copy(copy, capsys, affected, status):
    assert supply.audit(copy(**affected)) == status
    said = capsys.readouterr().out
    assert ("OWN-1 a hole" in said, f"up to 2026-11-01: {status} known holes" in said) == (bool(status), True)


@pytest.mark.parametrize(("bounds", "status"), [([f"<={OURS}"], 1), ([f"<{OURS}", "<1.0"], 0)])
def test_a_copy_of_safety_db_is_read_too(tmp_path, capsys, bounds, status):
    path = tmp_path / "insecure.json"
    path.write_text(json.dumps({"$meta": {"timestamp": 1_775_023_247}, "Django": bounds}), "utf-8")
    assert supply.audit(path) == status
    said = capsys.readouterr().out
    assert (f"django {OURS}: <={OURS}" in said, f"up to 2026-04-01: {status} known holes" in said) == (
        bool(status),
        True,
    )


def test_without_a_copy_it_says_what_to_bring(tmp_path, capsys):
    assert (supply.audit(tmp_path / "none.zip"), "osv.dev" in capsys.readouterr().out) == (2, True)
