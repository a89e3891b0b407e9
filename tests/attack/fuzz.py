"""Fuzzes one reader of what comes from outside, led by coverage (atheris), within a process of its own.

    python -m tests.attack.fuzz TARGET SECONDS FOLDER

FOLDER takes what was found. Each reader may say no in its own words; whatever else it raises is a finding.
"""

import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

import atheris
import django

# The modules whose branches lead the fuzzing.
LED_BY = (
    "communities.services.counties.township_file",
    "grants.services.treasury.reading",
    "miaoli_kaohsiung.files.gate",
    "miaoli_kaohsiung.files.paper_reader",
    "miaoli_kaohsiung.files.sheet_reader",
    "miaoli_kaohsiung.lib.invoice_codes",
    "miaoli_kaohsiung.lib.paper_codes",
)
# Longest input in bytes, longest answer in seconds of the wall (the machine may be busy), most memory in MiB.
LONGEST, SLOWEST, MEMORY = 20_000, 30, 3000
Target = tuple[Callable[[bytes], object], list[bytes]]


def gate(folder: Path) -> Target:
    """Every kind of file, by its bytes."""
    from tests.files import samples
    from tests.files.judging import SOUND

    return _judged(folder), [*(data for data, _found in SOUND.values()), samples.fax(2), samples.word("一")]


def heic(folder: Path) -> Target:
    """Photos of phones."""
    from tests.files import samples

    return _judged(folder), [samples.heif(), samples.heif(b"mif1")]


def odf(folder: Path) -> Target:
    """What stands inside an OpenDocument file: its packing is right, so that the words are reached."""
    from tests.files import samples

    judge = _judged(folder)
    seeds = [samples.CONTENT, samples.content("<text:p/>"), *samples.REACHING]
    return (
        lambda data: judge(samples.odf(samples.ODS, {"content.xml": data})),
        [seed.encode() for seed in seeds],
    )


def sheets(folder: Path) -> Target:
    """Tables: CSV as it is, and a spreadsheet with this as its content."""
    from miaoli_kaohsiung.files import sheet_reader
    from tests.files import samples

    path = folder / "sheet"
    limits = sheet_reader.Limits(rows=200, columns=40, longest=500, text=True)

    def read(data: bytes) -> None:
        for written in (data, samples.odf(samples.ODS, {"content.xml": data})):
            path.write_bytes(written)
            with contextlib.suppress(sheet_reader.Refused):
                sheet_reader.read(path, limits)

    table = samples.content(
        '<office:body><office:spreadsheet><table:table table:name="a"><table:table-row>'
        '<table:table-cell office:value-type="float" office:value="12"/><table:table-cell'
        ' office:value-type="date" office:date-value="2010-06-01"/></table:table-row></table:table>'
        "</office:spreadsheet></office:body>"
    )
    return read, ["案號,金額\r\n高-99-1,1200\r\n".encode(), "名稱\t金額\n甲\t1".encode("utf-16"), table.encode()]


def imports(folder: Path) -> Target:
    """The files that offices import, as far as they are read without the database: townships, what the treasury paid."""
    from communities.services.counties import township_file
    from grants.services.treasury import reading
    from miaoli_kaohsiung.lib.access import Refused

    def read(data: bytes) -> None:
        rows = [line.split(",") for line in data.decode(errors="replace").split("\n")]
        reading.rows_of = lambda upload, limits: rows
        for question in (lambda: township_file.read(data, (), "kaohsiung"), lambda: reading.read(SimpleNamespace())):
            with contextlib.suppress(Refused):
                question()

    townships = "代碼,郵遞區號,名稱,起,迄\n6401200,842,旗山鎮,,99/12/24\n6401200,842,旗山區,99/12/25,\n"
    return read, [townships.encode(), "案號,期別,金額,付款憑單號碼,付款日期\n高-99-0001,1,1200,A1,99/6/1\n".encode()]


def codes(folder: Path) -> Target:
    """What square codes say, of e-invoices and of our own papers; and pictures in which they are looked for."""
    from miaoli_kaohsiung.files import paper_reader
    from miaoli_kaohsiung.lib import invoice_codes, paper_codes
    from tests.files import samples

    path = folder / "page"

    def read(data: bytes) -> None:
        text = data.decode(errors="replace")
        found = invoice_codes.read(text)
        assert found is None or (found.total >= 0 and len(found.seller_tax_id) == 8)
        assert paper_codes.read(text) is None
        if data[:2] in (b"\xff\xd8", b"\x89P"):
            path.write_bytes(data)
            try:
                paper_reader.read(path, 3)
            except (paper_reader.Refused, OSError, SyntaxError, ValueError):
                # A broken picture: the gate lets none through, and the reader's process then gives no answer.
                return

    left = "AB12345678" + "0990601" + "1234" + "000003E8" * 2 + "00000000" + "12345675" + "x" * 24 + ":**********:1:1"
    return read, [left.encode(), b"SQBZ1/K-99-0001/plan//1-1/0123456789ab", samples.picture("PNG"), samples.picture()]


TARGETS = {target.__name__: target for target in (gate, heic, odf, sheets, imports, codes)}


def _judged(folder: Path) -> Callable[[bytes], object]:
    """Judge by the gate itself; MemoryError and depth are answers of its process."""
    from miaoli_kaohsiung.files import messages
    from miaoli_kaohsiung.files.gate import KINDS, Refused, inspect

    source, target = folder / "source", folder / "target"

    def judge(data: bytes) -> None:
        source.write_bytes(data)
        answer = "too_complex"
        with contextlib.suppress(MemoryError, RecursionError):
            try:
                answer = inspect(source, target, KINDS).kind
            except Refused as refused:
                answer = refused.code
        assert answer in {*KINDS, *messages.REASONS}

    return judge


def led(module: ModuleType) -> None:
    """Have each function of the module, and of its classes, say which branch it takes."""
    for holder in (module, *(value for value in vars(module).values() if isinstance(value, type))):
        for value in vars(holder).values():
            function = getattr(value, "__func__", value)
            if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                atheris.instrument_func(function)


def main(name: str, seconds: str, place: str) -> None:
    folder = Path(place)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "miaoli_kaohsiung.settings")
    django.setup()
    question, seeds = TARGETS[name](folder)
    for module in [module for known, module in sys.modules.items() if known.startswith(LED_BY)]:
        led(module)
    for seed in seeds:
        # What a reader imports at its first file is not the time that a file takes.
        question(seed)
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(seeds):
        (corpus / str(number)).write_bytes(seed)
    options: list[Any] = [f"-max_total_time={seconds}", f"-timeout={SLOWEST}", f"-rss_limit_mb={MEMORY}"]
    options += [f"-max_len={LONGEST}", f"-artifact_prefix={folder}/", "-verbosity=1"]
    atheris.Setup([sys.argv[0], str(corpus), *options], question)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
