"""What the requests of the last hour before a deadline cost: statements, and how often the law is asked, as equalities.

Each kind is asked twice, and counted the second time, when the process has read what it keeps.
"""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.compliance import judging
from grants.queries.applications import other_cases
from grants.services.applications import drafts
from miaoli_kaohsiung.files import services
from miaoli_kaohsiung.files.gate import Refused
from tests.factories.communities import OrganisationFactory, chair_of
from tests.files.samples import pdf

from .filing import add_line, ready_case

pytestmark = pytest.mark.django_db

BLOCKS = ("SAVEPOINT", "RELEASE", "ROLLBACK")


class Counter:
    """The requests of one chairperson to one case, with what the newest of them cost."""

    def __init__(self, client, monkeypatch):
        body = OrganisationFactory()
        self.chair = chair_of(body)
        self.case = ready_case(body, self.chair)
        self.client = client
        client.force_login(self.chair)
        self.asked = self.read = self.statements = 0
        for name in ("asked", "read"):
            place, function = {"asked": (judging.engine, "evaluate"), "read": (judging, "facts_for")}[name]
            monkeypatch.setattr(place, function, self._counted(name, getattr(place, function)))

    def _counted(self, name, function):
        def counted(*values, **named):
            setattr(self, name, getattr(self, name) + 1)
            return function(*values, **named)

        return counted

    def send(self, method, page, *values, status=200, **named):
        self.asked = self.read = 0
        address = reverse(f"grants:{page}", args=[self.case.number])
        with CaptureQueriesContext(connection) as sent:
            response = getattr(self.client, method)(address, *values, **named)
        assert response.status_code == status, response.content.decode()[:500]
        self.statements = sum(not row["sql"].startswith(BLOCKS) for row in sent.captured_queries)
        return response

    @property
    def cost(self) -> dict[str, int]:
        return {"statements": self.statements, "facts read": self.read, "law asked": self.asked}


@pytest.fixture
def counter(client, monkeypatch):
    return Counter(client, monkeypatch)


def test_a_draft_is_saved_for_nineteen_statements_and_its_facts_are_read_once(counter):
    edition = counter.case.edition
    for words in ("第一次寫的", "第二次寫的"):
        posted = {"title": counter.case.title, "goal": words, "edition": edition}
        answer = counter.send("post", "application_project", posted, headers={"accept": "application/json"})
        edition = answer.json()["edition"]
    counter.case.refresh_from_db()
    assert counter.case.goal == "第二次寫的"
    assert counter.cost == {"statements": 19, "facts read": 1, "law asked": 2}


def test_a_filing_with_its_pages(counter):
    costs, papers = {}, "application_documents"
    for _time in range(2):
        counter.send("get", papers)
        costs["papers"] = counter.cost
        upload = {"note-other": "計畫書", "upload-other": SimpleUploadedFile("計畫書.pdf", pdf())}
        counter.send("post", papers, upload, headers={"accept": "application/json"})
        costs["upload"] = counter.cost
        page = counter.send("get", "application_review")
        costs["review"] = counter.cost
    posted = {"token": str(uuid4()), "edition": page.context["case"].edition}
    counter.send("post", "application_file", posted, status=302)
    costs["file"] = counter.cost
    for _time in range(2):
        counter.send("get", "application_detail")
        costs["case"] = counter.cost
    assert costs == {
        "papers": {"statements": 14, "facts read": 1, "law asked": 1},
        "upload": {"statements": 22, "facts read": 1, "law asked": 2},
        "review": {"statements": 17, "facts read": 1, "law asked": 1},
        "file": {"statements": 33, "facts read": 1, "law asked": 1},
        "case": {"statements": 14, "facts read": 0, "law asked": 0},
    }


def test_what_the_law_asks_of_other_cases_is_built_once_and_asked_each_time(counter, monkeypatch):
    on, body = counter.case.starts_on, OrganisationFactory()
    other = ready_case(body, chair_of(body))
    asked = (other_cases.others_this_year, other_cases.late_settlements, other_cases.bars)
    assert [ask(counter.case, on) for ask in asked] == [[], 0, other_cases.Bars()]
    assert other.scheme == counter.case.scheme
    built, as_sql = [], SQLCompiler.as_sql
    monkeypatch.setattr(
        SQLCompiler, "as_sql", lambda self, *args, **more: built.append(1) or as_sql(self, *args, **more)
    )
    with CaptureQueriesContext(connection) as sent:
        assert [ask(other, on) for ask in asked] == [[], 0, other_cases.Bars()]
    assert (len(sent.captured_queries), built) == (3, [])


def test_what_is_said_after_a_save_is_what_the_law_says_of_the_saved_case(counter):
    case = counter.case
    before = judging.judge(case, stage="draft")
    case.goal, case.starts_on = "另寫的內容", None
    case.documents.filter(kind="registration_certificate").delete()
    case.save()
    anew = judging.judge(type(case).objects.get(pk=case.pk), stage="draft")
    saved = judging.judge_saved(before, type(case).objects.get(pk=case.pk))
    assert saved == anew
    assert saved != before


def test_a_save_that_somebody_else_came_before_reads_all_facts_again(counter, monkeypatch):
    page = counter.send("get", "application_project").context
    kept = drafts.save_step

    def overtaken(*values, **named):
        monkeypatch.setattr(drafts, "save_step", kept)
        add_line(counter.chair, counter.case, "printing", requested=5_000, description="海報")
        return kept(*values, **named)

    monkeypatch.setattr(drafts, "save_step", overtaken)
    posted = {"title": counter.case.title, "goal": "我寫的", "edition": page["edition"], "seen": page["seen"]}
    answer = counter.send("post", "application_project", posted, headers={"accept": "application/json"})
    counter.case.refresh_from_db()
    assert (counter.case.goal, counter.case.edition) == ("我寫的", answer.json()["edition"])
    assert counter.read == 2


def test_an_upload_says_what_is_still_missing_with_the_new_paper_there(counter):
    counter.case.documents.filter(kind="registration_certificate").delete()
    missing = counter.send("get", "application_documents").content.decode()
    upload = {"upload-registration_certificate": SimpleUploadedFile("立案證書.pdf", pdf())}
    answer = counter.send("post", "application_documents", upload, headers={"accept": "application/json"})
    assert missing.count("立案證書") != 0
    assert "立案證書.pdf" in answer.json()["parts"]["div-registration_certificate"]
    after = judging.judge(type(counter.case).objects.get(pk=counter.case.pk), stage="draft")
    assert "registration_certificate" in after.case.project.documents


class NoTurn:
    """The gate of a machine on which everybody sends at once."""

    def inspect(self, *_asked):
        raise Refused("busy")


def test_an_upload_that_had_no_turn_is_asked_for_again_with_what_was_typed(counter, monkeypatch):
    monkeypatch.setattr(services, "sandbox", NoTurn())
    upload = {"note-other": "歷年照片", "upload-other": SimpleUploadedFile("計畫書.pdf", pdf())}
    answer = counter.send(
        "post", "application_documents", upload, status=422, headers={"accept": "application/json"}
    ).json()
    assert "「計畫書.pdf」：現在上傳的人很多，這個檔案還沒有收到。請過一分鐘再傳一次。" in answer["parts"]["div-other"]
    assert 'value="歷年照片"' in answer["parts"]["div-other"]
    assert not counter.case.documents.filter(kind="other").exists()
