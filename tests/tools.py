"""Programs that a long test needs and nobody else: installed from a list of pins into a place of their own under var/."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

PLACE = settings.BASE_DIR / "var" / "tools"


def installed(pins: Path, python: str = sys.executable) -> Path:
    """Return the environment with what `pins` lists, made anew when the list changed; skip the test where it cannot be.

    `python` is another one than that of the tests, where somebody else than the tests' user runs it.
    """
    place = PLACE / pins.stem.removeprefix("requirements-")
    mark = place / hashlib.sha256(pins.read_bytes()).hexdigest()
    if mark.exists():
        return place
    shutil.rmtree(place, ignore_errors=True)
    if not Path(python).exists():
        pytest.skip(f"{python} is not there")
    subprocess.run([python, "-m", "venv", "--without-pip", place], check=True)
    pip = [sys.executable, "-m", "pip", "--python", place / "bin" / "python", "--disable-pip-version-check"]
    done = subprocess.run([*pip, "install", "--quiet", "-r", pins], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"{pins.name} cannot be installed here: {done.stderr.strip().splitlines()[-1]}")
    mark.touch()
    return place


def program(name: str, package: str) -> str:
    """Return where Debian's program is; skip the test where its package is missing."""
    found = shutil.which(name, path="/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin")
    if not found:
        pytest.skip(f"{name} is not installed: apt-get install {package}")
    return found
