"""Colours of pages: shades of one colour, and whether text in it can be read (WCAG 2.2)."""

import re

WHITE, BLACK = (255, 255, 255), (0, 0, 0)
# The least contrast of text (1.4.3), and the papers on which a county's colour stands.
LEAST = 4.5
PAPERS = ("#ffffff", "#fbfaf6", "#f7f5ee")
Colour = tuple[int, int, int]


def parse(text: str) -> Colour:
    """Return red, green and blue of #1f5d57. Raises ValueError for anything else."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise ValueError(f"{text} is no colour")
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def mixed(text: str, other: Colour, share: float) -> str:
    """Return the colour with so much of the other one in it."""
    parts = (round(own + (there - own) * share) for own, there in zip(parse(text), other, strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


def shades(text: str) -> dict[str, str]:
    """Return the shades in which a page uses its colour: for text on it, lines, and a wash behind text."""
    return {
        "accent": text,
        "accent-deep": mixed(text, BLACK, 0.32),
        "accent-mid": mixed(text, WHITE, 0.38),
        "accent-wash": mixed(text, WHITE, 0.88),
    }


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def least_contrast(text: str) -> float:
    """Return the least contrast of text in the colour on the papers, and on its own wash."""
    return min(contrast(text, paper) for paper in (*PAPERS, shades(text)["accent-wash"]))


def _luminance(text: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in parse(text))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
