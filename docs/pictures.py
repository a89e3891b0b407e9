"""Take the pictures of README.md and docs/guide from a running demonstration: `make pictures PORT=8000`.

It only looks, so the demonstration stays as it was loaded; take them on the first day, 99年6月1日. A picture that the
demonstration data no longer lead to fails by name.
"""

import argparse
import io
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent / "guide" / "pictures"
PASSWORD = "demo-88-2010"  # noqa: S105 -- of the trial only
WIDTH, HEIGHT = 1100, 760
NUMBER = re.compile(r"(?:88|ML)-\d{3}-\d{4}")
# Colours of a screen; more only make the file larger.
COLOURS = 128
CHROMIUM = {"executable_path": "/usr/bin/chromium-headless-shell", "args": ["--no-sandbox", "--disable-gpu"]}


@dataclass(frozen=True)
class Shot:
    """Who goes where, and which part of the page: from the element `at` on, `height` pixels.

    `row` finds the case by words on the desk, in its first line or in a row, and its number goes into the path; `follow`
    presses a link then.
    """

    name: str
    who: str
    path: str
    at: str = ""
    height: int = HEIGHT
    follow: str = ""
    row: str = ""


SHOTS = (
    Shot("member-desk", "qishan-staff", "/desk/"),
    Shot("member-new", "qishan-staff", "/applications/new/", at="h1"),
    Shot("member-budget", "qishan-staff", "/applications/{}/budget/", row="接著填寫", at=".entries", height=820),
    Shot("member-documents", "qishan-staff", "/applications/{}/edit/documents/", row="接著填寫", at="h1"),
    Shot("member-review", "qishan-chair", "/applications/{}/edit/review/", row="接著填寫", at="h1"),
    Shot("member-award", "jiaxian-staff", "/awards/{}/", row="送領據", at="h1"),
    Shot("township-case", "yuanli-office", "/applications/{}/", row="初審後層轉", at="h1"),
    Shot("case-officer-desk", "ks-officer", "/desk/", at="h1"),
    Shot("case-officer-check", "ks-officer", "/applications/{}/check/", row="檢核文件與說明", at="h1"),
    Shot("case-officer-proposal", "ks-officer", "/applications/{}/proposal/", row="溪畔", at="h1", height=900),
    Shot("case-officer-letter", "ks-officer", "/letters/?status=draft", follow="（稿）", at="h1"),
    Shot("approver-decision", "ks-head", "/applications/{}/decision/", row="核定、不予補助", at="h1", height=860),
    Shot("approver-ruling", "ks-head", "/rulings/", at="h1", height=620),
    Shot("finance-pay", "ks-cashier", "/awards/{}/", row="撥款並登記憑單", follow="登記撥付", at="h1"),
    Shot("finance-sums", "ks-finance", "/settlements/{}/", row="核對結報憑證", at="h1", height=900),
    Shot("reviewer-review", "reviewer-1", "/applications/{}/review/", row="聲明利害關係", at="h1"),
    Shot("auditor-workbench", "auditor", "/audit/", at="h1"),
    Shot("administrator-people", "admin", "/accounts/people/", at="h1", height=560),
    Shot("administrator-invite", "admin", "/accounts/invitations/", at="h1"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    base = f"http://127.0.0.1:{parser.parse_args().port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)
        for shot in SHOTS:
            take(browser, base, shot)
        letter(browser, base)
        browser.close()


@contextmanager
def signed_in(browser: Browser, base: str, who: str) -> Iterator[Page]:
    context = browser.new_context(base_url=base, locale="zh-TW", viewport={"width": WIDTH, "height": HEIGHT})
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("帳號或電子信箱").fill(who)
    page.get_by_label("密碼").fill(PASSWORD)
    page.get_by_role("button", name="登入", exact=True).click()
    page.wait_for_url("**/desk/")
    # The message of signing in is shown once.
    page.goto("/desk/")
    yield page
    context.close()


def take(browser: Browser, base: str, shot: Shot) -> None:
    with signed_in(browser, base, shot.who) as page:
        answer = page.goto(shot.path.format(number_on_desk(page, shot)) if shot.row else shot.path)
        if shot.follow:
            page.locator("main").get_by_role("link", name=shot.follow).first.click()
            page.wait_for_load_state()
        if answer is None or answer.status != 200:
            raise SystemExit(f"{shot.name}: {shot.path} answers {answer and answer.status}")
        # As tall as the page, so that nothing sticks to the lower edge of a window and lies over what it shows.
        page.set_viewport_size({"width": WIDTH, "height": page.evaluate("document.documentElement.scrollHeight")})
        top = (
            max(
                page.locator(f"main {shot.at}").first.bounding_box()["y"] - 44, page.locator("main").bounding_box()["y"]
            )
            if shot.at
            else 0
        )
        clip = {"x": 0, "y": top, "width": WIDTH, "height": shot.height}
        save(page.screenshot(full_page=True, clip=clip), shot.name)


def number_on_desk(page: Page, shot: Shot) -> str:
    place = page.locator("main .next, main tbody tr").filter(has_text=shot.row).first
    found = NUMBER.search(place.inner_text())
    if found is None:
        raise SystemExit(f"{shot.name}: no case on the desk of {shot.who} says {shot.row}")
    return found[0]


def letter(browser: Browser, base: str) -> None:
    """The first page of an issued approval letter, as a reader of PDF files shows it."""
    with signed_in(browser, base, "ks-officer") as page:
        page.goto("/letters/?status=issued&kind=approval")
        page.locator("main tbody a").first.click()
        page.wait_for_load_state()
        address = page.locator("main").get_by_role("link", name="看公文 PDF").first.get_attribute("href")
        pdf = page.request.get(str(address)).body()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "letter.pdf").write_bytes(pdf)
        command = ["pdftoppm", "-png", "-r", "80", "-singlefile", "letter.pdf", "page"]
        subprocess.run(command, cwd=folder, check=True)
        save(Path(folder, "page.png").read_bytes(), "letter")


def save(png: bytes, name: str) -> None:
    target = FOLDER / f"{name}.png"
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS).save(target, optimize=True)
    print(f"{target.name}  {target.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
