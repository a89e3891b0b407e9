"""Names of bodies: which are one name, which are asked about, which are two. name_pairs.csv is the table."""

import csv
import re
from pathlib import Path

import pytest

from communities import naming
from miaoli_kaohsiung.lib import folding

TABLE = Path(__file__).with_name("name_pairs.csv")
ESCAPE = re.compile(r"\\u[0-9a-f]{4}|\\U[0-9a-f]{8}|\\t")


def unescaped(text: str) -> str:
    """What cannot be seen stands in the table as its escape."""
    return ESCAPE.sub(lambda found: found[0].encode().decode("unicode_escape"), text)


def pairs():
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [{name: unescaped(text) for name, text in row.items()} for row in csv.DictReader(file)]


def verdict(county: str, one: str, other: str) -> str:
    if naming.fold(one, county) == naming.fold(other, county):
        return "same"
    return "alike" if naming.alike(one, other, county) else "other"


def test_two_hundred_pairs_of_names():
    rows = pairs()
    wrong = [row for row in rows if row["verdict"] != verdict(row["county"], row["one"], row["other"])]
    turned = [row for row in rows if row["verdict"] != verdict(row["county"], row["other"], row["one"])]
    assert (len(rows) >= 200, wrong, turned) == (True, [], [])


def test_one_comparison_with_many_finds_what_each_comparison_finds():
    names = sorted({row["one"] for row in pairs() if row["county"] == "kaohsiung"})
    together = naming.Names((name, naming.fold(name, "kaohsiung")) for name in names)
    for name in names[::7]:
        alone = [other for other in names if naming.alike(name, other, "kaohsiung")]
        assert together.alike(naming.fold(name, "kaohsiung")) == alone


@pytest.mark.parametrize("prefix", ["社團法人", "高雄縣", "社團法人高雄市", "臺灣省高雄縣"])
def test_a_prefix_is_not_sought_and_alone_it_is(prefix):
    assert naming.sought(f"{prefix}溪畔") == naming.sought("溪畔")
    assert naming.sought(prefix)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("旗山鎮溪畔", "旗山 溪畔"),
        ("旗山溪畔", "旗山 溪畔"),
        ("高雄旗山溪畔社區", "旗山 溪畔社區"),
        ("高雄縣旗山溪畔", "旗山 溪畔"),
        ("苗栗 溪畔", "苗栗 溪畔"),
        ("協會 旗山溪畔", "協會 旗山 溪畔"),
        # Bodies that have the township's name as their own are found alone.
        ("旗山社區", "旗山社區"),
        ("旗山社區發展協會", "旗山社區發展協會"),
        ("旗山溪", "旗山溪"),
        ("新旗山溪畔", "新旗山溪畔"),
    ],
)
def test_a_township_is_sought_with_or_without_its_kind(typed, words):
    assert naming.sought(typed).split() == words.split()


def test_a_character_of_one_machine_is_named():
    assert folding.private("溪\ue001畔\ue001") == ["\ue001"]
    assert folding.private("溪畔") == []
