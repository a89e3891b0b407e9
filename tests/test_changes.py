"""How far a change reaches: some of the requests of docs/architecture.md, made in a scratch copy with the files that its
table names and no other.
"""

import json
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image

from miaoli_kaohsiung.files import gate, sandbox

AVIF = """    Kind("avif", "AVIF", ".avif", "jpeg", brands=(b"avif",), decoder="AVIF", pixels=30_000_000),
"""


def test_one_more_kind_of_picture_is_one_row(tmp_path):
    shutil.copytree(Path(gate.__file__).parent, tmp_path / "gate")
    table = tmp_path / "gate" / "kinds.py"
    table.write_text(table.read_text().replace('    Kind("heif"', f'{AVIF}    Kind("heif"', 1))
    photo = BytesIO()
    Image.new("RGB", (60, 40)).save(photo, "AVIF")
    (tmp_path / "photo").write_bytes(photo.getvalue())

    arguments = [str(tmp_path), str(tmp_path / "photo"), str(tmp_path / "kept"), "jpeg"]
    command = [sys.executable, "-I", "-c", sandbox._START, *arguments]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)

    assert (found["kind"], found["note"]) == ("jpeg", "to_jpeg")
    assert Image.open(tmp_path / "kept").size == (60, 40)
