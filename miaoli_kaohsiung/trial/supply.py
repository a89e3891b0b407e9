"""What is installed, and whether it is what it was: hashes of the pins, a list of parts, known holes, wheels for a host without net.

lock                    ask pip once where each pin comes from; write requirements-hashes.txt
sbom                    write var/sbom.json (CycloneDX) of Python's and npm's packages
wheelhouse [FOLDER]     fetch every wheel, each compared with its hash
audit COPY              compare the pins with a dated copy of the advisories (OSV's all.zip of PyPI, or Safety DB's insecure.json)
"""

import argparse
import datetime as dt
import json
import re
import subprocess
import sys
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parent.parent.parent
PINS = ROOT / "requirements-prod.txt"
LOCK = ROOT / "requirements-hashes.txt"
NPM = ROOT / "package-lock.json"
HEAD = """# Every package of a portal in production with the hash of its file, for Python 3.11 on Linux (x86_64). Made by `make lock`.
# pip install --require-hashes -r requirements-hashes.txt
"""
_LINE = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>\S+) --hash=sha256:(?P<sha256>[0-9a-f]{64})$", re.MULTILINE)


@dataclass(frozen=True)
class Pin:
    name: str
    version: str
    sha256: str = ""


def locked(text: str) -> list[Pin]:
    """Return the pins of a file of hashes."""
    return [Pin(**found.groupdict()) for found in _LINE.finditer(text)]


def pinned(path: Path) -> dict[str, str]:
    """Return name → version of a list of requirements, with those of the lists that it names."""
    found: dict[str, str] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("-r "):
            found |= pinned(path.parent / line[3:].strip())
        elif match := re.match(r"([\w.-]+)(?:\[[\w,-]+\])?==([^\s;#]+)", line):
            found[canonicalize_name(match[1])] = match[2]
    return found


# --- Hashes and wheels ---------------------------------------------------------------------------------------------------


def lock() -> int:
    with TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        if status := _pip("install", "--dry-run", "--ignore-installed", "--quiet", "--report", report, "-r", PINS):
            return status
        LOCK.write_text(HEAD + "".join(sorted(_lines(json.loads(report.read_text())))), "utf-8")
    return 0


def _lines(report: dict[str, Any]) -> Iterator[str]:
    for part in report["install"]:
        name, version = canonicalize_name(part["metadata"]["name"]), part["metadata"]["version"]
        yield f"{name}=={version} --hash=sha256:{part['download_info']['archive_info']['hashes']['sha256']}\n"


def wheelhouse(folder: Path) -> int:
    """Fetch and build; a host without net installs with `pip install --no-index --find-links FOLDER -r requirements-prod.txt`."""
    return _pip("wheel", "--quiet", "--require-hashes", "--wheel-dir", folder, "-r", LOCK)


def _pip(*words: str | Path) -> int:
    command = [sys.executable, "-m", "pip", *map(str, words), "--disable-pip-version-check"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


# --- The list of parts ---------------------------------------------------------------------------------------------------


def sbom(place: Path) -> int:
    from cyclonedx.model.bom import Bom
    from cyclonedx.output import make_outputter
    from cyclonedx.schema import OutputFormat, SchemaVersion

    bom = Bom()
    for pin in locked(LOCK.read_text("utf-8")):
        bom.components.add(_part("pypi", pin.name, pin.version, "SHA-256", pin.sha256))
    for path, npm in json.loads(NPM.read_text("utf-8"))["packages"].items():
        if path:
            algorithm, _, digest = npm["integrity"].partition("-")
            name = path.rpartition("node_modules/")[2]
            bom.components.add(
                _part("npm", name, npm["version"], algorithm.replace("sha", "SHA-"), b64decode(digest).hex())
            )
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=2), "utf-8")
    return 0


def _part(kind: str, name: str, version: str, algorithm: str, digest: str) -> Any:
    from cyclonedx.model import HashAlgorithm, HashType
    from cyclonedx.model.component import Component, ComponentType
    from packageurl import PackageURL

    group, _, last = name.rpartition("/")
    url = PackageURL(kind, group or None, last, version)
    hashes = [HashType(alg=HashAlgorithm(algorithm), content=digest)]
    return Component(name=name, version=version, type=ComponentType.LIBRARY, purl=url, bom_ref=str(url), hashes=hashes)


# --- Known holes ---------------------------------------------------------------------------------------------------------


def audit(copy: Path) -> int:
    """Print each advisory of the copy that is about one of the pins; 1 if there is one, 2 for no such copy."""
    if not copy.is_file():
        print("Give a dated copy of the advisories: all.zip of PyPI, from osv.dev, fetched where there is net.")
        return 2
    pins = pinned(PINS) | pinned(ROOT / "requirements-dev.txt")
    newest, found = (_of_osv if zipfile.is_zipfile(copy) else _of_safety)(copy, pins)
    for line in found:
        print(line)
    print(f"{len(pins)} packages compared with advisories up to {newest[:10]}: {len(found)} known holes")
    return 1 if found else 0


def _of_osv(copy: Path, pins: dict[str, str]) -> tuple[str, list[str]]:
    """Return the day up to which the copy knows, and what it has about the pins."""
    newest, found = "", []
    with zipfile.ZipFile(copy) as advisories:
        for name in advisories.namelist():
            advisory = json.loads(advisories.read(name))
            newest = max(newest, advisory.get("modified", ""))
            words = f"{advisory['id']} {advisory.get('summary', '')}"
            found += [f"{package} {version}: {words}" for package, version in _hit(advisory, pins)]
    return newest, found


def _of_safety(copy: Path, pins: dict[str, str]) -> tuple[str, list[str]]:
    """The same of Safety DB: versions that have a hole, by package; it does not say which hole."""
    ranges = json.loads(copy.read_text("utf-8"))
    newest = dt.datetime.fromtimestamp(ranges.pop("$meta")["timestamp"], dt.UTC).isoformat()
    known: dict[str, list[str]] = {canonicalize_name(name): bounds for name, bounds in ranges.items()}
    both = [(name, version, bound) for name, version in pins.items() for bound in known.get(name, [])]
    return newest, [
        f"{name} {v}: {bound}" for name, v, bound in both if SpecifierSet(bound).contains(v, prereleases=True)
    ]


def _hit(advisory: dict[str, Any], pins: dict[str, str]) -> Iterator[tuple[str, str]]:
    if advisory.get("withdrawn"):
        return
    for affected in advisory.get("affected", []):
        package = affected.get("package", {})
        name = canonicalize_name(package.get("name", ""))
        if package.get("ecosystem") == "PyPI" and (version := pins.get(name)) and is_affected(affected, version):
            yield name, version


def is_affected(affected: dict[str, Any], version: str) -> bool:
    """Return whether a version is named, or stands between an introduction and its repair."""
    if version in affected.get("versions", []):
        return True
    ranges = [part["events"] for part in affected.get("ranges", []) if part.get("type") == "ECOSYSTEM"]
    return any(_inside(events, Version(version)) for events in ranges)


def _inside(events: list[dict[str, str]], version: Version) -> bool:
    inside = False
    for event in events:
        kind, text = next(iter(event.items()))
        try:
            at = Version("0" if text == "0" else text)
        except InvalidVersion:
            continue
        if kind == "introduced" and version >= at:
            inside = True
        elif (kind == "fixed" and version >= at) or (kind == "last_affected" and version > at):
            inside = False
    return inside


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["lock", "sbom", "wheelhouse", "audit"])
    parser.add_argument("place", type=Path, nargs="?")
    given = parser.parse_args()
    match given.what:
        case "lock":
            return lock()
        case "sbom":
            return sbom(given.place or ROOT / "var" / "sbom.json")
        case "wheelhouse":
            return wheelhouse(given.place or ROOT / "var" / "wheelhouse")
        case _:
            return audit(given.place or ROOT / "var" / "advisories.zip")


if __name__ == "__main__":
    sys.exit(main())
