"""Words that do not fit are cut only where they stand in full elsewhere: a label is all that says what to type."""

import re

from django.conf import settings

CUT = re.compile(r"([^{}]+)\{[^{}]*text-overflow: ellipsis")


def test_no_label_is_cut():
    styles = {
        path.name: path.read_text(encoding="utf-8") for path in (settings.BASE_DIR / "static" / "css").glob("*.css")
    }
    cut = sorted(rule.strip() for style in styles.values() for rule in CUT.findall(style))
    assert cut == [
        ".entry .slim > summary > .math",
        ".listing:not(.roomy) .table.rows .long",
        ".menu .me small",
        ".table .ellipsis",
    ]
