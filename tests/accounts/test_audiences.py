"""Groups of posts have one place: no other module lists posts, except the tables of moves, which say who makes each."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

from miaoli_kaohsiung.accounts.audiences import COUNTY_STAFF, each
from miaoli_kaohsiung.accounts.enums import Role

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("grants", "communities", "evaluation", "miaoli_kaohsiung")
LISTING = {"miaoli_kaohsiung/accounts/audiences.py"}


def _is_post(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Role"


def groups_in(source: str) -> list[str]:
    """The tuples, lists and sets of posts, those that take in another group among them."""
    return [
        ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Tuple | ast.List | ast.Set)
        and any(map(_is_post, node.elts))
        and all(_is_post(part) or isinstance(part, ast.Starred) for part in node.elts)
    ]


@pytest.mark.parametrize("package", PACKAGES)
def test_no_other_module_lists_posts(package):
    sources = {path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in (ROOT / package).rglob("*.py")}
    listed = {
        f"{path}: {group}"
        for path, source in sources.items()
        if str(path) not in LISTING and "workflow" not in path.with_suffix("").parts and "Role." in source
        for group in groups_in(source)
    }
    assert listed == set()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("STAFF = (Role.MEMBER, Role.AUDITOR)", ["(Role.MEMBER, Role.AUDITOR)"]),
        ("post_with(user, [*COUNTY_STAFF, Role.AUDITOR])", ["[*COUNTY_STAFF, Role.AUDITOR]"]),
        ("holds(user, case, (Role.MEMBER,))", ["(Role.MEMBER,)"]),
        ("if post.role in {Role.MEMBER}: pass", ["{Role.MEMBER}"]),
        ("holds(user, case, Role.MEMBER)", []),
        ('ROW = ("qishan-office", Role.TOWNSHIP_OFFICER)', []),
    ],
)
def test_a_list_of_posts_is_noticed(line, found):
    assert groups_in(line) == found


def test_a_question_takes_one_post_or_a_group():
    assert each(Role.MEMBER) == each("member") == (Role.MEMBER,)
    assert each(COUNTY_STAFF) == COUNTY_STAFF
    assert each(()) == ()
