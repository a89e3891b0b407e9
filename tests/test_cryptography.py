"""Every module that uses cryptography stands in the operators' guide, with what it is for and what follows when it grows old."""

import ast
import re

from django.conf import settings

ROOMS = ("miaoli_kaohsiung", "communities", "grants", "evaluation")
USED = re.compile(
    r"(hashlib|hmac|secrets|ssl|cryptography|argon2|fido2|jwcrypto|django\.core\.signing|django\.utils\.crypto"
    r"|django\.contrib\.auth\.hashers)(\.|$)"
)
GUIDE = (settings.BASE_DIR / "docs" / "operations.md").read_text("utf-8")
SECTION = GUIDE.partition("### Where cryptography is used")[2].partition("\n## ")[0]


def imported(source: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.update({node.module, *(f"{node.module}.{name.name}" for name in node.names)})
    return found


def test_an_import_is_seen_whatever_its_form():
    source = "def one():\n    from django.utils import crypto\nimport hashlib as known\nfrom . import secrets\n"
    assert sorted(filter(USED.match, imported(source))) == ["django.utils.crypto", "hashlib"]


def test_every_module_that_uses_cryptography_stands_in_the_list():
    paths = [path for room in ROOMS for path in (settings.BASE_DIR / room).rglob("*.py")]
    using = {path for path in paths if any(map(USED.match, imported(path.read_text("utf-8"))))}
    names = {path.relative_to(settings.BASE_DIR).as_posix().removeprefix("miaoli_kaohsiung/") for path in using}
    # Django's own hashers and signing stand there by name; of the portal each file does, and none that uses nothing.
    assert names == set(re.findall(r"`([\w/]+\.py)`", SECTION.partition("\n\n| ")[2]))
