"""The sources by semgrep, with rules of our own, and by bandit: nothing that this project forbids stands in them."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from tests.tools import installed

pytestmark = pytest.mark.skipif(not os.environ.get("SOAK"), reason="installs 400 MB of tools: make soak")
HERE = Path(__file__).parent
RULES = HERE / "forbidden.yml"
SOURCES = ("communities", "grants", "evaluation", "miaoli_kaohsiung", "templates", "docs", "manage.py")
# One of each thing that is forbidden.
BROKEN = {
    "markup-declared-safe": "page = mark_safe(text)",
    "sql-put-together": 'cursor.execute(f"SELECT {name} FROM case")',
    "shell": 'subprocess.run("ls " + name, shell=True)',
    "guessable-secret": "import random",
    "redirect-elsewhere": 'def view(request):\n    return redirect(request.GET["next"])',
    "form-without-token": "@csrf_exempt\ndef view(request):\n    return None",
    "program-from-data": "eval(text)",
    "xml-with-entities": "import xml.etree.ElementTree\nxml.etree.ElementTree.fromstring(text)",
    "out-by-another-way": "import urllib.request\nurllib.request.urlopen(address)",
    "certificate-not-looked-at": "get(address, verify=False)",
    "form-in-the-log": "def view(request):\n    log.info(request.POST)",
    "temporary-name": "import tempfile\ntempfile.mktemp()",
}
BROKEN_PAGES = {"template-declared-safe": "{{ text|safe }}", "pages-escape": "{% autoescape off %}"}


def found_by_semgrep(folder: Path, *sources: str) -> list[tuple[str, str, int]]:
    tool = installed(HERE / "requirements-semgrep.txt") / "bin"
    asked = [
        tool / "semgrep",
        "scan",
        "--metrics=off",
        "--disable-version-check",
        "--timeout=600",
        "--json",
        "--no-git-ignore",
    ]
    surroundings = os.environ | {"PATH": f"{tool}:{os.environ['PATH']}", "SEMGREP_SEND_METRICS": "off"}
    done = subprocess.run(
        [*asked, "--config", RULES, *sources],
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    answer = json.loads(done.stdout)
    assert answer["errors"] == []
    assert len(answer["paths"]["scanned"]) >= len(sources)
    return sorted((one["check_id"].split(".")[-1], one["path"], one["start"]["line"]) for one in answer["results"])


def test_each_rule_finds_what_it_is_for(tmp_path):
    (tmp_path / "templates").mkdir()
    for rule, code in BROKEN.items():
        (tmp_path / f"{rule}.py").write_text(f"{code}\n")
    for rule, page in BROKEN_PAGES.items():
        (tmp_path / "templates" / f"{rule}.html").write_text(f"{page}\n")
    shutil.copy(RULES, tmp_path / "rules.yml")
    found = found_by_semgrep(tmp_path, ".")
    assert {(rule, Path(path).stem) for rule, path, _line in found} == {
        (rule, rule) for rule in {**BROKEN, **BROKEN_PAGES}
    }
    assert set(re.findall(r"- id: (\S+)", RULES.read_text())) == {*BROKEN, *BROKEN_PAGES}


def test_nothing_that_is_forbidden_stands_in_the_sources():
    assert found_by_semgrep(settings.BASE_DIR, *SOURCES) == []


def test_bandit_finds_nothing_high():
    tool = installed(HERE / "requirements-bandit.txt") / "bin" / "bandit"
    sources = [source for source in SOURCES if source not in ("templates", "docs")]
    done = subprocess.run(
        [tool, "--quiet", "--recursive", "--format", "json", *sources],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    answer = json.loads(done.stdout)
    assert answer["metrics"]["_totals"]["loc"] > 50_000
    assert [one for one in answer["results"] if one["issue_severity"] == "HIGH"] == []
