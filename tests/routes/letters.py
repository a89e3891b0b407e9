from grants.models import Letter, PrintRun
from grants.services.awards import decisions
from grants.services.letters import drafts, print_runs
from grants.services.reviews import proposals
from grants.services.settlements import reports
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files.services import keep
from miaoli_kaohsiung.lib import clock
from tests.grants import settling

from . import Route, World
from .applications import a_filed_case
from .payments import an_award


def issued(world: World) -> dict:
    """An issued letter whose kept bytes are cheap ones."""
    letter = a_draft(world)
    actor = Actor(world[Role.CASE_OFFICER])
    letter.file = keep(b"%PDF-1.7", "letter.pdf", content_type=drafts.PDF, actor=actor)
    letter.sha256, letter.dispatch_number = letter.file.sha256, "府社區字第0990001234號"
    letter.dispatched_on, letter.status = clock.today(), "issued"
    letter.save()
    return {"pk": letter.pk}


def a_draft(world: World) -> Letter:
    case = a_filed_case(world)
    proposals.propose_refusal(world[Role.CASE_OFFICER], case, reason="逾受理期間")
    decisions.not_accept(world[Role.APPROVER], case)
    return case.letters.get()


def to_confirm(world: World) -> dict:
    """A draft that has its number, and waits for the last look."""
    letter = a_draft(world)
    letter.context["sending"] = {"number": "府社區字第0990001234號", "on": clock.today().isoformat()}
    letter.save()
    return {"pk": letter.pk}


def meant_to_replace(world: World) -> dict:
    return {"pk": drafts.replace(world[Role.CASE_OFFICER], Letter.objects.get(**issued(world))).pk}


def drafted(world: World) -> dict:
    return {"pk": a_draft(world).pk}


def run(world: World) -> dict:
    return {"pk": print_runs.start_run(world[Role.CASE_OFFICER], [a_draft(world)]).pk}


def finished_run(world: World) -> dict:
    found = PrintRun.objects.get(pk=run(world)["pk"])
    actor = Actor(world[Role.CASE_OFFICER])
    found.file = keep(b"%PDF-1.7", "run.pdf", content_type=drafts.PDF, actor=actor)
    found.save()
    return {"pk": found.pk}


# Who may read the letter but not write it.
READERS_ONLY = dict.fromkeys(
    (Role.MEMBER, Role.TOWNSHIP_OFFICER, Role.FINANCE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR), 403
)


def a_case(world: World) -> dict:
    return {"number": a_filed_case(world).number}


def a_proposal(world: World) -> dict:
    case = a_filed_case(world)
    proposals.propose_refusal(world[Role.CASE_OFFICER], case, reason="逾受理期間")
    return {"number": case.number}


def an_account(world: World) -> dict:
    settlement = settling.submitted(an_award(world), 80_000, 40_000)
    reports.ask_correction(world[Role.FINANCE_OFFICER], settlement, "請補單據")
    return {"number": settlement.number, "kind": "settlement_correction"}


def a_kind(world: World) -> dict:
    return {"county": "kaohsiung", "kind": "rejection"}


ROUTES = {
    "grants:letter_list": Route(),
    "grants:print_runs": Route(),
    "grants:print_run": Route(run),
    "grants:print_run_pdf": Route(finished_run),
    "grants:letter_book": Route(),
    "grants:case_letter": Route(a_case),
    "grants:case_letter_of": Route(an_account),
    "grants:case_memo": Route(a_proposal),
    "grants:organisation_letter": Route(lambda world: {"pk": world.organisation.pk}),
    "grants:letter_words": Route(),
    "grants:letter_words_of": Route(a_kind),
    "grants:letter_words_edit": Route(a_kind),
    "grants:letter_words_specimen": Route(a_kind),
    "grants:print_run_labels": Route(run),
    "grants:print_run_postal": Route(run),
    "grants:print_run_exchange": Route(run),
    "grants:letter_exchange": Route(issued),
    "grants:letter_text": Route(issued),
    "grants:letter_detail": Route(
        issued, post_refused=READERS_ONLY, shows=((Role.MEMBER, issued), (Role.CASE_OFFICER, drafted))
    ),
    "grants:letter_pdf": Route(issued),
    "grants:letter_issue": Route(to_confirm),
    "grants:letter_final": Route(to_confirm),
    "grants:letter_cancel": Route(meant_to_replace),
    "grants:letter_replace": Route(issued),
}
