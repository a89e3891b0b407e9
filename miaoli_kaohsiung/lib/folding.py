"""One way to write a name, for comparing and finding names: never for showing.

The same character comes in several code points (compatibility ideographs, full width), in several shapes that people
use for each other (台 and 臺), and with invisible marks in between.
"""

import re
import unicodedata

# Shapes of the same character that occur in names of places, bodies and people; the second of each pair is kept.
_PAIRS = (
    "台臺 裏裡 峯峰 邨村 敎教 衆眾 床牀 綫線 鷄雞 巿市 啓啟 説說 户戶 戸戶 爲為 眞真 淸清 靑青 卽即 舘館 塩鹽 双雙 灾災 礼禮 産產 週周 吿告 鈎鉤 强強 "
    "温溫 吕呂 鄕鄉 脚腳 却卻 秘祕 晋晉 黄黃 寳寶 彦彥 栢柏 濶闊 疎疏 畧略 緜綿 躭耽 闗關 関關 涌湧 嵗歲 歳歲 羣群 緑綠 内內 吴吳 勛勳 麪麵 糉粽 廰廳 厦廈 "
    "鎭鎮 恒恆 卧臥 豊豐 芦蘆 髙高 皷鼓 湿濕 溼濕 着著 虚虛 徳德 横橫 歩步 鐡鐵 鉄鐵 猪豬 猫貓 麦麥 聨聯 葯藥 舖鋪 証證 鬪鬥 鬭鬥 顔顏 頼賴 醤醬 "
    "綉繡 枱檯 榖穀 蹟跡 迹跡 菓果 雑雜 巌巖 庙廟 廻迴 嶋島 峡峽 潜潛 瀬瀨 増增 曽曾 粧妝 壮壯 荘莊 桟棧 軄職 耻恥 録錄 "
    # What a typist, or a program that simplifies, writes for a character of an association's name.
    "会會 学學 发發 発發 协協 区區 县縣 県縣 镇鎮 乡鄉 国國 囯國 宝寶 万萬 与與 点點 灯燈 旧舊 兰蘭 总總 総總 滨濱 浜濱 济濟 済濟 湾灣 炉爐 献獻 画畫 "
    "联聯 声聲 药藥 薬藥 虫蟲 办辦 边邊 辺邊 医醫 铁鐵 灵靈 霊靈 凤鳳 阳陽 龙龍 竜龍 龟龜 亀龜 刘劉 叶葉 寿壽 乐樂 楽樂 树樹 门門 东東 广廣 広廣 関關 "
    "团團 団團 体體 妇婦 儿兒 长長 爱愛 权權 権權 进進 艺藝 业業 产產 农農 桥橋 沟溝 岭嶺 观觀 観觀 宁寧 坛壇 陈陳 张張 杨楊 图圖 図圖"
)
_VARIANTS = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})
# Marks without width (zero-width space and joiner, byte order mark, direction marks), variation selectors, enclosing
# marks; private-use and unassigned characters, which look like nothing or like anything on another machine.
_UNSEEN_CATEGORIES = ("Cf", "Mn", "Me", "Cc", "Co", "Cn", "Cs")
# Letters by their category, yet without any shape: the fillers of the Korean script.
_FILLERS = "\u115f\u1160\u3164\uffa0"
_SEPARATORS = re.compile(r"[\W_]+")


def characters(text: str) -> str:
    """Return the text with one shape for every character, in lower case, without invisible marks; spaces and
    punctuation stay.
    """
    composed = unicodedata.normalize("NFKC", text)
    seen = (c for c in composed if c in "\n\t" or _is_seen(c))
    return "".join(seen).lower().translate(_VARIANTS)


def key(text: str) -> str:
    """Return `characters` without spaces and punctuation: equal for two names that differ only in writing."""
    return _SEPARATORS.sub("", characters(text))


def private(text: str) -> list[str]:
    """Return the characters, once each, that only the sender's machine can show (造字)."""
    return [c for c in dict.fromkeys(text) if unicodedata.category(c) == "Co"]


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN_CATEGORIES and character not in _FILLERS
