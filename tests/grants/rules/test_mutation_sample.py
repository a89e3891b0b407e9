"""A few mutants of the law and of its code in every run; `make mutate` takes all of them."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


def mutate(kind, *arguments):
    command = [sys.executable, "-m", f"tests.grants.rules.mutate_{kind}", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_sample_of_moved_numbers_is_noticed():
    done = mutate("parameters", "--sample", "6")
    assert done.returncode == 0, done.stdout[-3000:]


def test_a_sample_of_changed_code_is_noticed():
    """Payments and settlement, put to the tests of their chapters alone."""
    chapters = [*HERE.glob("test_chapter_7_*.py"), HERE / "test_chapter_8_funds.py", HERE / "test_messages.py"]
    tests = [str(path) for path in sorted(chapters)]
    done = mutate("code", "payments", "settlement", "--sample", "20", "--tests", *tests)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "20 mutants, 20 noticed" in done.stdout
