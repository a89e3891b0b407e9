"""What a county asks of a case beside the law, by the terms under which it was filed (for a draft: those of today)."""

import datetime as dt

from django.utils.translation import gettext as _

from communities import places
from grants.models import Application, Document, Scheme
from grants.rules import catalogue, own
from grants.rules.catalogue import DocumentKind, Question
from grants.rules.facts import Case
from grants.rules.own import OwnPaper, OwnQuestion


def papers_of(case: Application) -> tuple[OwnPaper, ...]:
    return own.papers(case.terms.papers, case.programme.code)


def questions_of(case: Application) -> tuple[OwnQuestion, ...]:
    return own.questions(case.terms.questions, case.programme.code)


def own_papers(scheme: Scheme, on: dt.date) -> list[tuple[OwnPaper, list[str]]]:
    """Return every paper that the county asks for on the day, with the names of the programmes if it is not for all."""
    named = {code: row.name for code, row in catalogue.programmes(scheme.ruleset).items()}
    rows = scheme.terms_on(on).papers
    papers = (OwnPaper(row["code"], row["name"], row.get("help", ""), row["required"]) for row in rows)
    return [
        (paper, [named.get(code, code) for code in row.get("programmes", ())])
        for paper, row in zip(papers, rows, strict=True)
    ]


def asked_papers(case: Application, facts: Case) -> tuple[DocumentKind | OwnPaper, ...]:
    """Return the papers that law and county ask of the case, in the order of the form; those that may be left out too."""
    return (*catalogue.documents_for(facts), *papers_of(case))


def missing_papers(case: Application, facts: Case) -> list[DocumentKind | OwnPaper]:
    """Return the papers that the case cannot do without and does not have."""
    held = {document.kind for document in case.documents.all()}
    return [
        paper
        for paper in asked_papers(case, facts)
        if paper.code not in held and (isinstance(paper, DocumentKind) or paper.required)
    ]


def known_questions(case: Application) -> dict[str, Question]:
    """Return every question that the case may have answered, by key: its programme's, then the law's others, then the
    county's.
    """
    mine = {question.key: question for question in catalogue.all_programmes()[case.programme.code].questions}
    others = {key: question for key, question in catalogue.questions().items() if key not in mine}
    return mine | others | {row.question.key: row.question for row in questions_of(case)}


def paper_names(case: Application) -> dict[str, str]:
    """Return the names of the papers that a case may have, by code."""
    names = {code: paper.name for code, paper in catalogue.documents().items()}
    names[Document.SIGNED] = _("%(head)s簽名的確認單") % {"head": case.organisation.head_word}
    return names | {row["code"]: row["name"] for row in case.terms.papers}


def first_review_items(case: Application) -> list[str]:
    """Return what the township's office looks at: as the county wrote it, else the usual."""
    kinds = places.kinds(case.county)
    return list(case.terms.first_review_items) or [
        _("申請單位在本%(kinds)s，地址和負責人正確") % {"kinds": kinds},
        _("申請書和附件齊全，已蓋圖記"),
        _("辦理地點和服務對象在本%(kinds)s，確有需要") % {"kinds": kinds},
        _("同一計畫沒有向本所重複申請補助"),
        _("經費編列合理"),
    ]


def first_review_words(case: Application) -> tuple[str, str]:
    """Return the two words of the township's opinion, for and against."""
    words = case.terms.first_review_words
    return (words[0], words[1]) if len(words) == 2 else (_("推薦"), _("不推薦"))
