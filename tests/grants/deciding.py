"""The pages of deciding as a browser meets them: their addresses, what they post, what they say."""

import re


def address(case, page):
    return f"/applications/{case.number}/{page}/"


def check_data(case, form, verdict="accepted", **more):
    data = {"edition": case.edition, **more}
    for row in [*form.item_rows(), *form.reason_rows()]:
        data.setdefault(row.verdict.html_name, verdict)
        data.setdefault(row.note.html_name, "")
    return data


def proposal_data(case, command, cuts=None):
    data = {"edition": case.edition, "note": "", "command": command}
    for line in case.lines.all():
        amount, reason = (cuts or {}).get(line.position, (line.requested, ""))
        data |= {f"amount-{line.pk}": f"{amount:,}", f"reason-{line.pk}": reason}
    return data


def plain(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def decision_data(proposal, command, **more):
    return {"command": command, "edition": proposal.application.edition, "proposal": proposal.pk, **more}
