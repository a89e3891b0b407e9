"""Typed text, brought to one width."""

# Not unicodedata's NFKC: that also turns 10² into 102 and ① into 1, and a typing slip would become a figure.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def half_width(text: str) -> str:
    """Return full-width ASCII (１２／Ａ) and the ideographic space as half-width, trimmed; nothing else is changed."""
    return text.translate(_HALF_WIDTH).strip()
