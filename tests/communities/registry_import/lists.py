"""Lists as counties keep them: rows of text, and files made of them."""

import csv
import io

import tablib
from django.core.files.uploadedfile import SimpleUploadedFile

HEADS = ["單位名稱", "鄉鎮市區", "立案字號", "統編", "會址", "電話", "理事長", "屆次", "任期", "理事長手機", "總幹事", "總幹事任期起"]  # fmt: skip


def row(name: str, **cells: str) -> list[str]:
    """A row with these cells by their head, and what an association has besides."""
    usual = {
        "單位名稱": name,
        "鄉鎮市區": "旗山鎮",
        "立案字號": "府社區字第0980001234號",
        "理事長": "王大明",
        "屆次": "第3屆",
        "任期": "98/3/1-102/2/28",
        "理事長手機": "0912-345-678",
    }
    return [(usual | cells).get(head, "") for head in HEADS]


_SYLLABLES = "山水溪田庄林竹新大南北東西美和福安平永清華仁義禮信忠孝愛國光明春秋夏冬金木火土月日星雲風雨雪花草樹石泉江河湖海洋島港灣橋路門樓亭台"


def numbered(number: int) -> str:
    """A name of its own, too short to be taken for another one."""
    first, second, third = number // 3600, number // 60 % 60, number % 60
    return f"旗山鎮{_SYLLABLES[first]}{_SYLLABLES[second]}{_SYLLABLES[third]}社區發展協會"


def table(rows: list[list[str]], heads: list[str] = HEADS) -> list[list[str]]:
    return [heads, *rows]


def as_csv(rows: list[list[str]], encoding: str = "utf-8") -> SimpleUploadedFile:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return SimpleUploadedFile("名冊.csv", text.getvalue().encode(encoding))


def as_sheet(rows: list[list[str]], kind: str) -> SimpleUploadedFile:
    sheet = tablib.Dataset(*rows[1:], headers=rows[0])
    return SimpleUploadedFile(f"名冊.{kind}", sheet.export(kind))
