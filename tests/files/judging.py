"""What the gate says of some bytes, and a sound file of each kind."""

import pytest

from miaoli_kaohsiung.files import messages
from miaoli_kaohsiung.files.gate import KINDS, Found, Refused, inspect

from . import samples

SOUND = {
    "pdf": (samples.pdf(3), Found("pdf", pages=3)),
    "jpeg": (samples.picture(), Found("jpeg", width=60, height=40, rewritten=True)),
    "png": (samples.picture("PNG", mode="RGBA"), Found("png", width=60, height=40, rewritten=True)),
    "odt": (samples.odf(), Found("odt")),
    "ods": (samples.odf(samples.ODS, {"Pictures/a.png": b"\x89PNG"}), Found("ods")),
}


def judge(data: bytes, folder, kinds=KINDS) -> Found:
    source, target = folder / "source", folder / "target"
    source.write_bytes(data)
    return inspect(source, target, kinds)


def reason(data: bytes, folder) -> str:
    with pytest.raises(Refused) as refused:
        judge(data, folder)
    assert refused.value.code in messages.REASONS
    return refused.value.code
