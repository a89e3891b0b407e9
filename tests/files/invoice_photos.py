"""Photos of e-invoices as phones take them, made on the spot: turned, blurred, dim, folded, far away, noisy."""

import io
import random
from collections.abc import Iterator

import qrcode
from PIL import Image, ImageEnhance, ImageFilter

BUYER, SELLER = "04595257", "12345675"


def left_text(number: str = "AB12345678", day: str = "0990503", total: int = 1_200, buyer: str = BUYER) -> str:
    sales = round(total / 1.05)
    goods = ":**********:2:2:1:白米:2:500:雞蛋:1:200"
    return f"{number}{day}5678{sales:08x}{total:08x}{buyer}{SELLER}{'ydXZt4LAN1UHN/j1juVcRA=='}{goods}"


def printed(text: str, *, module: int = 6) -> Image.Image:
    """The strip with its two codes, as it comes out of a till."""
    paper = Image.new("L", (120 * module, 90 * module), 250)
    for place, content in enumerate((text, "**" + "蔥:1:25:" * 4)):
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L, box_size=module, border=4)
        code.add_data(content)
        picture = code.make_image().get_image().convert("L")
        paper.paste(picture, (4 * module + place * 58 * module, 16 * module))
    return paper


def photos(count: int) -> Iterator[tuple[str, bytes]]:
    """Pairs of what the left code says and the photo; the same ones in every run."""
    chance = random.Random(88)
    for place in range(count):
        text = left_text(f"QD{88_000_000 + place}", total=100 + place * 37)
        yield text, taken(printed(text, module=chance.choice((4, 5, 6))), chance)


def taken(paper: Image.Image, chance: random.Random) -> bytes:
    """One photo: on a table, at an angle, seen from the side, out of focus, in bad light, kept as JPEG."""
    table = Image.new("L", (round(paper.width * 1.6), round(paper.height * 1.8)), 120)
    table.paste(paper, (round(paper.width * 0.3), round(paper.height * 0.4)))
    tilt = chance.uniform(-0.12, 0.12)
    photo = table.transform(
        table.size, Image.Transform.AFFINE, (1, tilt, -tilt * table.height / 2, 0, 1, 0), fillcolor=120
    )
    photo = photo.rotate(chance.choice((0, 90, 180, 270)) + chance.uniform(-20, 20), expand=True, fillcolor=120)
    photo = photo.filter(ImageFilter.GaussianBlur(chance.uniform(0, 1.6)))
    photo = ImageEnhance.Brightness(photo).enhance(chance.uniform(0.25, 1.1))
    photo = ImageEnhance.Contrast(photo).enhance(chance.uniform(0.5, 1.1))
    noise = Image.effect_noise(photo.size, chance.uniform(4, 16))
    photo = Image.blend(photo, noise, 0.12)
    out = io.BytesIO()
    photo.save(out, "JPEG", quality=chance.choice((60, 75, 85)))
    return out.getvalue()
