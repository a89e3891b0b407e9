"""`make check` searches the sources by semgrep, with rules of our own, and by bandit: each rule finds its mistake."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.attack.scan import ENGINE, RULES, found, sources

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


def test_each_rule_finds_what_it_is_for(tmp_path):
    assert ENGINE.exists(), "make setup-dev"
    (tmp_path / "templates").mkdir()
    for rule, code in BROKEN.items():
        (tmp_path / f"{rule}.py").write_text(f"{code}\n")
    for rule, page in BROKEN_PAGES.items():
        (tmp_path / "templates" / f"{rule}.html").write_text(f"{page}\n")
    shutil.copy(RULES, tmp_path / "rules.yml")
    hits = found(tmp_path, ["."])
    assert {(rule, Path(path).stem) for rule, path, _line in hits} == {
        (rule, rule) for rule in {**BROKEN, **BROKEN_PAGES}
    }
    assert set(re.findall(r"- id: (\S+)", RULES.read_text())) == {*BROKEN, *BROKEN_PAGES}


def test_a_file_that_cannot_be_read_is_no_clean_file(tmp_path):
    (tmp_path / "broken.py").write_text("eval(text)\ndef view(request:\n    return )\n")
    with pytest.raises(RuntimeError, match="not read"):
        found(tmp_path, ["broken.py"])


def test_make_check_runs_both_over_all_sources():
    makefile = (settings.BASE_DIR / "Makefile").read_text()
    check = re.search(r"^check: .*\n\t(.*)$", makefile, re.MULTILINE)[1]
    assert {"check-scan", "check-bandit"} <= set(check.split())
    assert "\ncheck-scan:\n\t$(RUN) -m tests.attack.scan\n" in makefile
    written = set(sources(settings.BASE_DIR, ["communities", "grants", "evaluation", "miaoli_kaohsiung", "manage.py"]))
    assert len(written) > 1_000


def test_bandit_stops_at_what_is_high(tmp_path):
    makefile = (settings.BASE_DIR / "Makefile").read_text()
    asked = re.search(r"^\t\.venv/bin/bandit (.*?) communities", makefile, re.MULTILINE)[1].split()
    (tmp_path / "views.py").write_text('import subprocess\nsubprocess.run("ls " + name, shell=True)\n')
    program = [sys.executable, "-m", "bandit", *asked]
    done = subprocess.run([*program, tmp_path], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert (done.returncode, "B602" in done.stdout) == (1, True)
