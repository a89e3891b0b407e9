"""A few mutants of the law in every run; `make mutate` takes all of them."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_a_sample_of_moved_numbers_is_noticed():
    command = [sys.executable, "-m", "tests.grants.rules.mutate_parameters", "--sample", "6"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
