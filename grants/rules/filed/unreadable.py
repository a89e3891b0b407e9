"""What to say about a line at which a file stops being TOML: what people write there, seen in the line itself."""

import datetime as dt
import re
import tomllib

_PLACE = re.compile(r"\(at line (\d+), column \d+\)")
_TEXT = re.compile(r'"[^"]*"|\'[^\']*\'')
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_USUAL = "這裡不合 TOML 的寫法：請看引號、等號、括號有沒有成對"
_TWICE = "前面已經寫過同一個鍵或標題；可以寫好幾個的，標題要用兩層方括號，例如 [[cap]]"
# In this order: what the line shows, outside its quoted texts, and the sentence.
_SIGNS = (
    (re.compile(r"[“”‘’＝＂＇「」『』［］｛｝，：]"), "有全形的符號；引號、等號、括號、逗號都要用半形，例如 title = \"名稱\""),
    (re.compile(r"[=,{\[]\s*\d{1,4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}"),
     "日期看不懂：要寫真的有的一天，西元年四碼、月日各兩碼，例如民國99年1月1日寫 2010-01-01，不用引號"),
    (re.compile(r"\d,\d{3}\b"), "數字裡不要有逗號，例如 1,600 寫 1600"),
    (re.compile(r"\d\s*[%％]"), "百分比寫成一組數字，例如 5% 寫 [5, 100]"),
    (re.compile(r"[=,{\[]\s*[\d_]+\s*[^\W\d_]"), "數字後面不要寫單位，例如 1600元 寫 1600；單位寫在 unit"),
    (re.compile(r"[=,{\[]\s*(True|False|TRUE|FALSE)\b"), "要寫小寫的 true 或 false"),
    (re.compile(r"[\"']"), "引號沒有成對：文字前後各要一個"),
    (re.compile(r"=\s*[^\W\d_]"), "文字要用引號括起來，例如 title = \"名稱\""),
)  # fmt: skip


def place_of(error: tomllib.TOMLDecodeError) -> int:
    """Return the line of the error, 0 if it names none."""
    place = _PLACE.search(str(error))
    return int(place.group(1)) if place else 0


def sentence(error: tomllib.TOMLDecodeError, text: str) -> str:
    """Return what is wrong at the place of the error, as far as its line shows it."""
    if re.match(r"Cannot (declare|overwrite|mutate)", str(error)):
        return _TWICE
    lines, number = text.splitlines(), place_of(error)
    line = _TEXT.sub("", lines[number - 1].partition("#")[0]) if 0 < number <= len(lines) else ""
    line = _DATE.sub(_unless_a_day, line)
    return next((says for sign, says in _SIGNS if sign.search(line)), _USUAL)


def _unless_a_day(written: re.Match[str]) -> str:
    try:
        dt.date.fromisoformat(written[0])
    except ValueError:
        return written[0]
    return ""
