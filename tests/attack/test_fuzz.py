"""Each reader of what comes from outside, fuzzed for a bounded time: FUZZ_SECONDS=60 each."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.tools import installed

pytestmark = pytest.mark.skipif(not os.environ.get("SOAK"), reason="minutes: make soak")
SECONDS = os.environ.get("FUZZ_SECONDS", "60")
PINS = Path(__file__).with_name("requirements-atheris.txt")


@pytest.mark.parametrize("target", ["gate", "heic", "odf", "sheets", "imports", "codes"])
def test_whatever_comes_is_answered(target, tmp_path):
    packages = next(installed(PINS).glob("lib/python*/site-packages"))
    surroundings = os.environ | {"PYTHONPATH": str(packages), "PORTAL_MODE": "test"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.attack.fuzz", target, SECONDS, tmp_path],
        cwd=settings.BASE_DIR,
        env=surroundings,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-6000:]
    runs = re.search(r"Done (\d+) runs in (\d+) second", done.stderr)
    assert runs is not None, done.stderr[-2000:]
    assert int(runs[1]) > 100
    print(f"\n{target}: {int(runs[1]):,} inputs in {runs[2]} s, no finding")
