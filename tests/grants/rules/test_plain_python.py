"""The law is read by a Python that has nothing but the standard library: no Django, no Celery, no folder of packages."""

import subprocess
import sys
from pathlib import Path

import pytest

BASE = Path(__file__).parents[3]
# -I leaves out the environment and the user's folder, -S the site-packages; the source tree alone is put on the path.
PRELUDE = f"import sys; sys.path.insert(0, {str(BASE)!r}); "
CASE = """
import json
from grants.rules import engine, facts, ruleset
case = facts.from_dict({
    "id": "plain", "submitted_on": "2010-03-15",
    "organisation": {"kind": "community_association", "county": "高雄縣", "township": "旗山鎮"},
    "project": {"programme": "community_activities", "starts_on": "2010-04-01", "ends_on": "2010-04-30"},
    "lines": [{"id": "a", "item": "lecturer_fee", "requested": 1601, "hours": 1, "in_house": False}],
})
found = engine.evaluate(case, ruleset.load("kaohsiung_88"))
print(json.dumps([[f.clause, f.allowed] for f in found.findings if f.line == "a"]))
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", PRELUDE + code], capture_output=True, text=True, timeout=60
    )


def test_the_packages_are_really_out_of_reach():
    assert "ModuleNotFoundError" in run("import django").stderr


@pytest.mark.parametrize("module", ["engine", "payments", "settlement", "ask", "automatic", "checklist", "tasks"])
def test_each_room_of_the_law_can_be_imported(module: str):
    done = run(f"import grants.rules.{module}")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_case_is_judged():
    done = run(CASE)
    assert done.stderr == ""
    assert '["K4.1.2", 1600]' in done.stdout
