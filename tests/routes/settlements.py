import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile

from grants.models import Award, Settlement
from grants.services.payments import returns
from grants.services.settlements import papers, record_corrections, reports
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from tests.factories import money
from tests.factories.accounts import person
from tests.files.invoice_photos import photos
from tests.grants import settling
from tests.grants.papers import paper
from tests.grants.vouchers import entered

from . import Route, World
from .payments import an_award


def award(world: World) -> dict:
    return {"number": an_award(world).number}


def opened(world: World) -> Settlement:
    return reports.register_completion(world[Role.MEMBER], an_award(world), settling.DONE)


def draft(world: World) -> dict:
    return {"number": opened(world).number}


def a_kind(world: World) -> dict:
    return {"number": opened(world).number, "kind": "photos"}


def a_paper(world: World) -> dict:
    settlement = opened(world)
    settling.add_papers(settlement, world[Role.MEMBER])
    return {"number": settlement.number, "paper_id": settlement.documents.first().pk}


def a_paper_file(world: World) -> dict:
    settlement = opened(world)
    settling.add_papers(settlement, world[Role.MEMBER])
    return {"number": settlement.number, "file_id": settlement.documents.first().file_id}


def a_kept_paper(world: World) -> dict:
    """With bytes to hand out, and sent: a draft's are the association's own."""
    settlement = opened(world)
    document = papers.add_document(world[Role.MEMBER], settlement, "photos", paper())
    settling.submitted(settlement.award, 80_000, 40_000)
    return {"number": settlement.number, "paper_id": document.pk}


def a_voucher(world: World) -> dict:
    """With its photo, in a draft: the association's own."""
    settlement = opened(world)
    row = entered(settlement, world[Role.MEMBER], 1_200, photo=paper())
    return {"number": settlement.number, "pk": row.pk}


def a_photographed_voucher(world: World) -> dict:
    """On whose photo a paper shows its corners."""
    settlement, (_code, photo) = opened(world), next(photos(1))
    sent = SimpleUploadedFile("收據.jpg", photo, "image/jpeg")
    # Another association of the same test may have sent the same paper.
    row = entered(settlement, world[Role.MEMBER], 1_200, photo=sent, same_reason="兩個單位合買")
    settling.hand_in(settlement, world[Role.MEMBER], 1_200, 40_000)
    return {"number": settlement.number, "pk": row.pk}


def a_sent_voucher(world: World) -> dict:
    kwargs = a_voucher(world)
    settlement = Settlement.objects.get(number=kwargs["number"])
    settling.hand_in(settlement, world[Role.MEMBER], 1_200, 40_000)
    return kwargs


def sent_with_vouchers(world: World) -> dict:
    return {"number": a_sent_voucher(world)["number"]}


def a_voucher_paper(world: World) -> dict:
    return sent_with_vouchers(world) | {"name": "register"}


def a_line(world: World) -> dict:
    settlement = opened(world)
    settlement.award.lines.filter(position=1).update(item="casual_pay")
    return {"number": settlement.number, "line": settlement.lines.get(line__position=1).pk}


def a_roster(world: World) -> dict:
    """In a draft: the association's own."""
    settlement = opened(world)
    row = entered(settlement, world[Role.MEMBER], 1_200, kind="roster", title="", photo=paper())
    return {"number": settlement.number, "pk": row.pk}


def a_sent_roster(world: World) -> dict:
    kwargs = a_roster(world)
    settlement = Settlement.objects.get(number=kwargs["number"])
    settling.hand_in(settlement, world[Role.MEMBER], 1_200, 40_000)
    return kwargs


def draft_with_vouchers(world: World) -> dict:
    return {"number": a_voucher(world)["number"]}


def sent(world: World) -> Settlement:
    return settling.submitted(an_award(world), 80_000, 40_000)


def to_check(world: World) -> dict:
    return {"number": sent(world).number}


def sums_checked(world: World) -> Settlement:
    settlement = sent(world)
    checker = person(Role.FINANCE_OFFICER)
    return reports.check_sums(checker, settlement, settling.admit(settlement, 80_000, 40_000))


def to_read(world: World) -> dict:
    return {"number": sums_checked(world).number}


def to_accept(world: World) -> dict:
    return {"number": reports.check_content(person(Role.CASE_OFFICER), sums_checked(world)).number}


def money_to_come(world: World) -> dict:
    row: Award = an_award(world)
    staff = money.county()
    settling.paid_first(row, staff)
    return {"number": settling.accepted(row, staff, (30_000, 20_000)).number}


def a_proof(world: World) -> dict:
    kwargs = money_to_come(world)
    award = Award.objects.get(number=kwargs["number"])
    proof = returns.add_proof(world[Role.MEMBER], award, upload=paper(), paid_on=clock.today(), amount=1_000)
    return kwargs | {"proof_id": proof.pk}


def to_correct(world: World) -> dict:
    award = opened(world).award
    row = record_corrections.ask_completion(
        person(Role.CASE_OFFICER), award, completed_on=dt.date(2010, 5, 30), reason="打錯"
    )
    return {"number": award.number, "pk": row.pk, "name": "refuse"}


def own_correction(world: World) -> dict:
    """Asked for by the association, so the officer may not take it back."""
    award = opened(world).award
    row = record_corrections.ask_completion(world[Role.MEMBER], award, completed_on=dt.date(2010, 5, 30), reason="打錯")
    return {"number": award.number, "pk": row.pk}


def county(world: World) -> dict:
    return {"county": "kaohsiung"}


ROUTES = {
    "grants:sampling_of_counties": Route(),
    "grants:sampling": Route(county, post_refused={Role.CASE_OFFICER: 403, Role.AUDITOR: 403}),
    # No rule of sampling: everything is looked at.
    "grants:settlement_vouchers_at_once": Route(sent_with_vouchers, post_refused={Role.FINANCE_OFFICER: 403}),
    "grants:payees": Route(),
    "grants:settlement_detail": Route(award),
    "grants:settlement_complete": Route(award),
    "grants:settlement_start": Route(award),
    "grants:completion_correct": Route(draft),
    "grants:completion_correct_decide": Route(to_correct),
    "grants:completion_correct_withdraw": Route(own_correction, post_refused={Role.CASE_OFFICER: 403}),
    "grants:settlement_report": Route(draft),
    "grants:settlement_paper_add": Route(a_kind),
    "grants:settlement_paper": Route(a_kept_paper),
    "grants:settlement_paper_remove": Route(a_paper),
    # Nothing was taken out in this session: refused in words.
    "grants:settlement_paper_restore": Route(a_paper_file, post_refused={Role.MEMBER: 403}),
    "grants:settlement_vouchers": Route(sent_with_vouchers, shows=((Role.MEMBER, draft_with_vouchers),)),
    "grants:settlement_voucher_photo": Route(draft),
    "grants:settlement_voucher_add": Route(draft),
    "grants:settlement_voucher_send": Route(draft),
    "grants:voucher_worker": Route(),
    "grants:settlement_roster_add": Route(a_line),
    "grants:settlement_roster_send": Route(a_line),
    "grants:settlement_roster_change": Route(a_roster),
    "grants:settlement_roster_paper": Route(a_sent_roster),
    "grants:settlement_voucher": Route(a_sent_voucher),
    "grants:settlement_voucher_change": Route(a_voucher),
    "grants:settlement_voucher_remove": Route(a_voucher),
    "grants:settlement_voucher_file": Route(a_sent_voucher),
    "grants:settlement_voucher_straight": Route(a_photographed_voucher),
    "grants:settlement_voucher_check": Route(a_sent_voucher),
    "grants:settlement_voucher_paper": Route(a_voucher_paper),
    "grants:settlement_sums": Route(to_check),
    "grants:settlement_content": Route(to_read),
    "grants:settlement_accept": Route(to_accept),
    "grants:settlement_correction": Route(to_check, post_refused={Role.APPROVER: 403}),
    "grants:settlement_reverse": Route(money_to_come),
    "grants:settlement_money_back": Route(money_to_come),
    "grants:settlement_return_proof": Route(money_to_come),
    "grants:settlement_return_file": Route(a_proof),
}
