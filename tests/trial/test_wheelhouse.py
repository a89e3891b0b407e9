"""A host without net is installed from a folder of wheels, each of which was compared with its hash."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from miaoli_kaohsiung.trial import supply

pytestmark = pytest.mark.skipif(not os.environ.get("SOAK"), reason="fetches some hundred megabytes: make soak")


def test_the_portal_is_installed_without_net(tmp_path):
    assert supply.wheelhouse(tmp_path / "wheels") == 0
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "new"], check=True)
    python = tmp_path / "new" / "bin" / "python"
    install = (python, "-m", "pip", "install", "--quiet", "--no-index", "--find-links", tmp_path / "wheels")
    # Whatever the surroundings say to pip, there is no way out.
    away = os.environ | {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "", "HTTPS_PROXY": "http://127.0.0.1:9"}
    subprocess.run([*install, "-r", supply.PINS], check=True, env=away)
    wanted = supply.pinned(supply.PINS)
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format", "freeze"], check=True, capture_output=True, text=True
    ).stdout
    there = {name.casefold().replace("_", "-").replace(".", "-"): version for name, version in _pairs(listed)}
    assert {name: there.get(name) for name in wanted} == wanted
    settings = {"PORTAL_MODE": "test", "DATABASE_URL": "postgres:///none", "VAR_DIR": str(tmp_path)}
    check = [python, Path(supply.ROOT, "manage.py"), "check", "--settings", "miaoli_kaohsiung.settings"]
    assert subprocess.run(check, env=os.environ | settings, cwd=supply.ROOT, check=False).returncode == 0


def _pairs(listed: str) -> list[tuple[str, str]]:
    return [(line.split("==")[0], line.split("==")[1]) for line in listed.splitlines()]
