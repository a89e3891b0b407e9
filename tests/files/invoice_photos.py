"""Photos of e-invoices as phones take them, made on the spot: turned, blurred, dim, folded, far away, noisy."""

import io
import random
from collections.abc import Iterator
from functools import lru_cache

import qrcode
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

BUYER, SELLER = "04595257", "12345675"


def left_text(number: str = "AB12345678", day: str = "0990503", total: int = 1_200, buyer: str = BUYER) -> str:
    sales = round(total / 1.05)
    goods = ":**********:2:2:1:白米:2:500:雞蛋:1:200"
    return f"{number}{day}5678{sales:08x}{total:08x}{buyer}{SELLER}{'ydXZt4LAN1UHN/j1juVcRA=='}{goods}"


def printed(text: str, *, module: int = 6) -> Image.Image:
    """The strip with its two codes, as it comes out of a till."""
    paper = Image.new("L", (120 * module, 90 * module), 250)
    for place, content in enumerate((text, "**" + "蔥:1:25:" * 4)):
        paper.paste(square(content, module), (4 * module + place * 58 * module, 16 * module))
    return paper


@lru_cache(maxsize=8)
def square(content: str, module: int) -> Image.Image:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L, box_size=module, border=4)
    code.add_data(content)
    return code.make_image().get_image().convert("L")


def photos(count: int) -> Iterator[tuple[str, bytes]]:
    """Pairs of what the left code says and the photo; the same ones in every run."""
    chance = random.Random(88)
    for place in range(count):
        text = left_text(f"QD{88_000_000 + place}", total=100 + place * 37)
        yield text, taken(printed(text, module=chance.choice((4, 5, 6))), chance)


def taken(paper: Image.Image, chance: random.Random) -> bytes:
    """One photo: folded, on a table, seen from the side, at an angle, out of focus, in bad light, kept as JPEG."""
    table = Image.new("L", (round(paper.width * 1.6), round(paper.height * 1.8)), 120)
    table.paste(folded(paper, chance), (round(paper.width * 0.3), round(paper.height * 0.4)))
    photo = from_the_side(table, chance)
    photo = photo.rotate(chance.choice((0, 90, 180, 270)) + chance.uniform(-20, 20), expand=True, fillcolor=120)
    photo = photo.filter(ImageFilter.GaussianBlur(chance.uniform(0, 1.6)))
    photo = ImageEnhance.Brightness(photo).enhance(chance.uniform(0.25, 1.1))
    photo = ImageEnhance.Contrast(photo).enhance(chance.uniform(0.5, 1.1))
    photo = ImageChops.multiply(photo, shade(photo.size, chance))
    noise = Image.frombytes("L", photo.size, chance.randbytes(photo.width * photo.height))
    photo = Image.blend(photo, noise, chance.uniform(0.02, 0.09))
    out = io.BytesIO()
    photo.save(out, "JPEG", quality=chance.choice((60, 75, 85)))
    return out.getvalue()


def folded(paper: Image.Image, chance: random.Random) -> Image.Image:
    """The strip as it comes out of a wallet: creased once down and once across, one side of each crease darker."""
    out, width, height = paper.copy(), paper.width, paper.height
    down, across = round(width * chance.uniform(0.3, 0.7)), round(height * chance.uniform(0.3, 0.7))
    out.paste(out.crop((0, 0, down, height)).point(lambda light: light * 0.8), (0, 0))
    pen = ImageDraw.Draw(out)
    pen.line([(down, 0), (down + chance.randint(-20, 20), height)], fill=205, width=2)
    pen.line([(0, across), (width, across + chance.randint(-20, 20))], fill=150, width=2)
    return out


def from_the_side(table: Image.Image, chance: random.Random) -> Image.Image:
    """One edge farther away than the other: its two corners are nearer to each other."""
    width, height = table.size
    near, far = chance.uniform(0, 0.10) * width, chance.uniform(0, 0.06) * height
    corners = (near, 0, 0, height, width, height - far, width - near, far)
    return table.transform(table.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=120)


def shade(size: tuple[int, int], chance: random.Random) -> Image.Image:
    """A lamp at one side: the light falls off across the picture."""
    light = Image.linear_gradient("L").point(lambda value: 255 - value * 0.55)
    return light.rotate(chance.choice((0, 90, 180, 270))).resize(size)
