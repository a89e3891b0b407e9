"""One way to write a name, for telling whether two are the same and for finding one: never for showing.

The same character comes in several code points (compatibility ideographs, full width), in several shapes that people use
for each other (台 and 臺), and with marks that nobody sees between them.
"""

import re
import unicodedata

# Shapes of the same character that occur in names of places, bodies and people; the second of each pair is kept.
_PAIRS = (
    "台臺 裏裡 峯峰 邨村 敎教 衆眾 床牀 綫線 鷄雞 巿市 啓啟 説說 户戶 戸戶 爲為 眞真 淸清 靑青 卽即 舘館 塩鹽 双雙 灾災 礼禮 産產 週周 吿告 鈎鉤 强強 "
    "温溫 吕呂 鄕鄉 脚腳 却卻 秘祕 晋晉 黄黃 寳寶 彦彥 栢柏 濶闊 疎疏 畧略 緜綿 躭耽 闗關 関關 涌湧 嵗歲 歳歲 羣群 緑綠 内內 吴吳 勛勳 麪麵 糉粽 廰廳 厦廈"
)
_VARIANTS = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})
# Marks that take no room (zero-width space and joiner, byte order mark, direction marks) and variation selectors.
_UNSEEN_CATEGORIES = ("Cf", "Mn", "Cc")
_SEPARATORS = re.compile(r"[\W_]+")


def characters(text: str) -> str:
    """The text with every character in its one shape, in lower case, without marks that cannot be seen; spaces and
    punctuation stay."""
    composed = unicodedata.normalize("NFKC", text)
    seen = (c for c in composed if c in "\n\t" or unicodedata.category(c) not in _UNSEEN_CATEGORIES)
    return "".join(seen).lower().translate(_VARIANTS)


def key(text: str) -> str:
    """Equal for two names that differ only in writing: `characters` without spaces and punctuation."""
    return _SEPARATORS.sub("", characters(text))
