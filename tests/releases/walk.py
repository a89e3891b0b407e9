"""What people do at two web servers on one database: each takes up what the other one left."""

import re
from dataclasses import dataclass, field
from typing import Any

from tests.files import samples

from .served import Visitor

PDF = "application/pdf"
LINK = re.compile(r"/(?!demo/|accounts/logout|static/)[\w./?=&%-]*")


@dataclass
class Walk:
    """`first` and `second` are addresses of the two servers; `begun` is what `beginning.py` says of the database."""

    first: str
    second: str
    begun: dict[str, Any]
    answers: list[tuple[str, str, int]] = field(default_factory=list)

    def at(self, address: str, session: str) -> Visitor:
        return Visitor(address, session, self.answers)

    def files_a_draft(self, draft: dict[str, str], words: str) -> None:
        """Written at the one, with a paper; read, written on and handed in at the other."""
        number = draft["number"]
        here, there = self.at(self.first, draft["member"]), self.at(self.second, draft["member"])
        project = f"/applications/{number}/edit/project/"
        here.fills(project, {"goal": words})
        page = there.goes(project)
        assert words in page.text_content()
        there.fills(project, {"content": f"{words}，每週一次"})
        assert f"{words}，每週一次" in here.goes(f"/applications/{number}/edit/review/").text_content()
        self.attaches(here, there, number)
        there.fills(f"/applications/{number}/edit/review/", {}, action="/file/")
        assert words in here.goes(f"/applications/{number}/").text_content()

    def attaches(self, here: Visitor, there: Visitor, number: str) -> None:
        """A paper sent to the one is opened at the other, and is the same."""
        path = f"/applications/{number}/edit/documents/"
        here.fills(path, {"note-other": "計畫書"}, files={"upload-other": ("計畫書.pdf", samples.pdf(), PDF)})
        (link,) = there.goes(path).xpath("//a[contains(., '計畫書.pdf')]/@href")[:1]
        read = [visitor.reads(link) for visitor in (here, there)]
        assert (read[0] == read[1], read[0][:5]) == (True, b"%PDF-")

    def decides(self, number: str, *, proposed: bool) -> None:
        """Proposed at the one, unless it is already; approved at the other."""
        if not proposed:
            path = f"/applications/{number}/proposal/"
            self.at(self.first, self.begun["officer"]).fills(path, {}, button="送主管核定")
        path = f"/applications/{number}/decision/"
        self.at(self.second, self.begun["head"]).fills(path, {}, button="核定並產生函稿")
        self.at(self.first, self.begun["head"]).goes(f"/awards/{number}/")

    def pays(self, award: dict[str, str]) -> None:
        """The receipt and the payment at the one, what the officer approves in between at the other."""
        step = f"/awards/{award['number']}/instalments/1"
        receipt = {"receipt": ("領據.pdf", samples.pdf(), PDF)}
        member = self.at(self.first, award["member"])
        member.fills(f"{step}/request/", {"receipt_number": "旗示字第1號"}, files=receipt)
        self.at(self.second, self.begun["officer"]).fills(f"{step}/approve/", {})
        voucher = {"voucher_number": f"付{award['number']}"}
        self.at(self.first, self.begun["finance"]).fills(f"{step}/pay/", voucher)
        for address in (self.first, self.second):
            self.at(address, award["member"]).goes(f"/awards/{award['number']}/")
            self.at(address, self.begun["auditor"]).goes(f"/awards/{award['number']}/ledger/")

    def settles(self, award: dict[str, str]) -> None:
        """Begun at the one, opened at the other."""
        path = f"/settlements/{award['number']}/"
        self.at(self.first, award["member"]).fills(path, {}, action=f"{path}start/")
        for address in (self.second, self.first):
            for who in (award["member"], self.begun["officer"], self.begun["finance"]):
                self.at(address, who).goes(path)

    def looks_at_everything(self, address: str, session: str, most: int = 60) -> int:
        """Follow the links from the desk, one page of each kind; how many there were."""
        visitor, seen, left = self.at(address, session), set(), ["/desk/"]
        while left and len(seen) < most:
            path = left.pop(0)
            kind = re.sub(r"[\w-]*\d[\w-]*", "0", path.partition("?")[0])
            if kind in seen:
                continue
            seen.add(kind)
            answer = visitor.looks(path)
            left += LINK.findall(" ".join(re.findall(r'href="([^"#]*)', answer)))
        return len(seen)
