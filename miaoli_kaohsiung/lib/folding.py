"""One way to write a name, for comparing and finding names: never for showing.

The same character comes in several code points (compatibility ideographs, full width), in several shapes that people
use for each other (台 and 臺), and with invisible marks in between.
"""

import re
import unicodedata

# Shapes of the same character that occur in names of places, bodies and people; the second of each pair is kept.
_PAIRS = (
    "台臺 裏裡 峯峰 邨村 敎教 衆眾 床牀 綫線 鷄雞 巿市 啓啟 説說 户戶 戸戶 爲為 眞真 淸清 靑青 卽即 舘館 塩鹽 双雙 灾災 礼禮 産產 週周 吿告 鈎鉤 强強 "
    "温溫 吕呂 鄕鄉 脚腳 却卻 秘祕 晋晉 黄黃 寳寶 彦彥 栢柏 濶闊 疎疏 畧略 緜綿 躭耽 闗關 関關 涌湧 嵗歲 歳歲 羣群 緑綠 内內 吴吳 勛勳 麪麵 糉粽 廰廳 厦廈"
)
_VARIANTS = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})
# Marks without width (zero-width space and joiner, byte order mark, direction marks) and variation selectors.
_UNSEEN_CATEGORIES = ("Cf", "Mn", "Cc")
_SEPARATORS = re.compile(r"[\W_]+")


def characters(text: str) -> str:
    """Return the text with one shape for every character, in lower case, without invisible marks; spaces and
    punctuation stay.
    """
    composed = unicodedata.normalize("NFKC", text)
    seen = (c for c in composed if c in "\n\t" or unicodedata.category(c) not in _UNSEEN_CATEGORIES)
    return "".join(seen).lower().translate(_VARIANTS)


def key(text: str) -> str:
    """Return `characters` without spaces and punctuation: equal for two names that differ only in writing."""
    return _SEPARATORS.sub("", characters(text))
