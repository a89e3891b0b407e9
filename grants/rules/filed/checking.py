"""A law written as data is looked at as a whole before anybody proposes it: every mistake, at its file, table and key."""

import datetime as dt
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grants.rules.filed import links, unreadable, values
from grants.rules.filed.shape import FILES, Key, Keys, keys_of

MOST_FILE, MOST_ALL = 200_000, 400_000
# Tables that stand once.
SINGLE = ("law", "scheme")
# A mistake found in one file may make many others of it; more than these help nobody.
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, in a sentence; `line` is 0 if it concerns no line of the file."""

    file: str
    sentence: str
    table: str = ""
    key: str = ""
    line: int = 0

    @property
    def place(self) -> str:
        """The place in words: 「rules.toml 第 3 行　[[cap]] 第 1 個　parameter」."""
        line = f"第 {self.line} 行" if self.line else ""
        return "　".join(part for part in (f"{self.file} {line}".strip(), self.table, self.key) if part)


Document = Mapping[str, Any]


def check(files: Mapping[str, str], before: Mapping[str, str] | None = None) -> list[Mistake]:
    """Return every mistake of a law's files (`FILES`), none if it can be filed. `before` are the files of the version that
    it replaces, of which no code may be missing.
    """
    found = list(_files(files))
    if found:
        return found
    documents: dict[str, Document] = {}
    for name, text in files.items():
        try:
            documents[name] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found.append(Mistake(name, unreadable.sentence(error, text), line=unreadable.place_of(error)))
    if not found:
        found = [mistake for name in FILES for mistake in _tables(name, documents[name], files[name])]
    if not found:
        wrong = links.wrong(documents, {name: tomllib.loads(text) for name, text in (before or {}).items()})
        found = [_at(files[file], file, table, place, key, sentence) for file, table, place, key, sentence in wrong]
    return found[:MOST_SHOWN]


def begins_too_late(files: Mapping[str, str], day: dt.date) -> list[Mistake]:
    """Return a mistake for each number that has no value on the day from which cases are judged by the law. What the county
    is to rule first may lack one: nothing can be filed until then. The files hold no other mistake.
    """
    text = files["law.toml"]
    document = tomllib.loads(text)
    ruled = document["law"].get("requires_parameters", ())
    found = []
    for name, row in document.get("parameter", {}).items():
        if name not in ruled and row["values"][0]["from"] > day:
            sentence = f"這部法規從 {day} 起適用，那一天還沒有值；最早的 from 要在那一天或以前"
            found.append(_at(text, "law.toml", "parameter", name, "values", sentence))
    return found


def _files(files: Mapping[str, str]) -> Iterator[Mistake]:
    for name, text in files.items():
        if name not in FILES:
            yield Mistake(name, f"不認得這個檔案；檔名要是{'、'.join(FILES)}")
        elif len(text.encode()) > MOST_FILE:
            yield Mistake(name, f"檔案太大，最多 {MOST_FILE // 1000} KB")
    for name in FILES:
        if not files.get(name, "").strip():
            yield Mistake(name, "缺這個檔案，或檔案是空的")
    if sum(len(text.encode()) for text in files.values()) > MOST_ALL:
        yield Mistake("", f"全部檔案加起來太大，最多 {MOST_ALL // 1000} KB")


def _tables(name: str, document: Document, text: str) -> Iterator[Mistake]:
    for table in document:
        if table not in FILES[name]:
            yield _at(text, name, table, 0, "", f"{name} 裡沒有這種表；可以寫的是{'、'.join(FILES[name])}")
    for table, (keys, most) in FILES[name].items():
        rows = _rows_of(table, document.get(table))
        if rows is None:
            yield _at(text, name, table, 0, "", f"要寫成 {_heading(table, '')}")
            continue
        if len(rows) > most:
            yield _at(text, name, table, most, "", f"最多 {most} 個")
            continue
        for place, row in enumerate(rows.values()):
            marks = list(rows)
            wanted = keys or keys_of(table, str(row.get("kind", "")))
            for key, sentence in _row(row, wanted):
                yield _at(text, name, table, marks[place], key, sentence)
            yield from _questions(text, name, table, place, row)


def _questions(text: str, name: str, table: str, place: int, row: Document) -> Iterator[Mistake]:
    if table != "programme" or not isinstance(row.get("question"), list):
        return
    for asked in row["question"]:
        for key, sentence in _row(asked, FILES[name]["question"][0]) if isinstance(asked, dict) else ():
            yield _at(text, name, table, place, f"question.{key}", sentence)


def _rows_of(table: str, found: Any) -> dict[int | str, Document] | None:
    """Return the rows of a table by place, or by name for parameters; None if they are written in another way."""
    if found is None:
        return {}
    if table in SINGLE:
        return {0: found} if isinstance(found, dict) else None
    if table == "parameter":
        fine = isinstance(found, dict) and all(isinstance(row, dict) for row in found.values())
        return dict(found) if fine else None
    fine = isinstance(found, list) and all(isinstance(row, dict) for row in found)
    return dict(enumerate(found)) if fine else None


def _row(row: Document, keys: Keys) -> Iterator[tuple[str, str]]:
    if "kind" in keys and keys["kind"].choices and (sentence := _kind(row, keys["kind"])):
        # Which keys it may have, its kind would say.
        yield "kind", sentence
        return
    for key, value in row.items():
        if key not in keys:
            yield key, f"不認得這個鍵；可以寫的是{'、'.join(keys)}"
        elif sentence := values.wrong(value, keys[key]):
            yield key, sentence
    for key, known in keys.items():
        if known.required and key not in row:
            yield key, f"缺這個鍵：{known.says}"


def _kind(row: Document, known: Key) -> str:
    return values.wrong(row["kind"], known) if "kind" in row else f"缺這個鍵：{known.says}"


def _heading(table: str, mark: int | str) -> str:
    if table == "parameter":
        return f'[parameter."{mark}"]' if mark else '[parameter."名稱"]'
    return f"[{table}]" if table in SINGLE else f"[[{table}]]"


def _at(text: str, file: str, table: str, mark: int | str, key: str, sentence: str) -> Mistake:
    """Return the mistake with its line: that of the key below the table's heading, else that of the heading."""
    if not table:
        return Mistake(file, sentence)
    lines = text.splitlines()
    heading = _heading(table, mark)
    starts = [number for number, line in enumerate(lines) if line.split("#")[0].strip().replace(" ", "") == heading]
    which = 0 if isinstance(mark, str) else mark
    words = heading if isinstance(mark, str) or table in SINGLE else f"{heading} 第 {which + 1} 個"
    if which >= len(starts):
        return Mistake(file, sentence, words, key)
    begin, last = starts[which], key.rpartition(".")[2]
    nested = "." in key
    for number in range(begin + 1, len(lines)):
        line = lines[number].strip()
        if line.startswith("[") and not nested:
            break
        if last and re.match(rf"{re.escape(last)}\s*[=.]", line):
            return Mistake(file, sentence, words, key, number + 1)
    return Mistake(file, sentence, words, key, begin + 1)
