"""Photos and scans, rewritten without the camera's notes (place, device, time) and anything hidden behind the picture."""

import warnings
from pathlib import Path

from PIL import Image, ImageOps

from .kinds import EVERY_KIND
from .refusal import Refused

# Kept whole in memory, and each scan passes through all of it.
_MAX_PROGRESSIVE = 30_000_000
_MAX_SCANS = 30
# A pixel takes four bytes in memory, or one if there is a single band.
_MAX_BYTES = 64 * 1024 * 1024
_MAX_PAGES = 60
_MAX_PAGE_PIXELS = 60_000_000
# A4 at 300 dots an inch is 3508 pixels long; nobody who reads a receipt needs more.
LONG_SIDE = 4000
_PAGE_SIDE = 2400
_JPEG_MODES = {"L", "RGB"}


def rewrite_picture(path: Path, target: Path, kind: str) -> tuple[int, int]:
    """Write the picture to `target`, upright, at most LONG_SIDE long, as PNG if it is one, else as JPEG. Returns width
    and height (pixels) or raises Refused.
    """
    Image.MAX_IMAGE_PIXELS = None  # Our own limit is checked below, before anything is unpacked.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _rewrite(path, target, kind)
    except Refused:
        raise
    except MemoryError as error:
        raise Refused("picture_too_large") from error
    except Exception as error:  # Whatever a broken picture does to its decoder.
        raise Refused("picture_broken") from error


def pages_to_pdf(path: Path, target: Path) -> int:
    """Write the pages of a TIFF (a fax, a scan) as PDF; returns how many, or raises Refused."""
    Image.MAX_IMAGE_PIXELS = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _write_pages(path, target)
    except Refused:
        raise
    except MemoryError as error:
        raise Refused("picture_too_large") from error
    except Exception as error:  # as above
        raise Refused("picture_broken") from error


def _rewrite(path: Path, target: Path, kind: str) -> tuple[int, int]:
    formats = [_decoder(kind)]
    with Image.open(path, formats=formats) as image:
        _require_cheap(path, image, kind)
        if kind in ("jpeg", "png"):
            image.verify()
    # The picture can be verified only once.
    with Image.open(path, formats=formats) as image:
        if kind == "jpeg":
            image.draft(None, (LONG_SIDE // 2, LONG_SIDE // 2))
        image.load()
        smaller = image if max(image.size) <= LONG_SIDE else _reduced(image, LONG_SIDE)
        upright = _upright(smaller)
        _forget_notes(upright)
        if kind == "png":
            upright.save(target, "PNG", exif=b"")
        else:
            _flat(upright).save(target, "JPEG", quality=88)
        return upright.size


def _decoder(kind: str) -> str:
    name = EVERY_KIND[kind].decoder
    if name == "HEIF":
        import pillow_heif

        pillow_heif.options.THUMBNAILS = False
        pillow_heif.register_heif_opener()
    if name == "AVIF":
        from PIL import AvifImagePlugin

        AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    return name


def _require_cheap(path: Path, image: Image.Image, kind: str) -> None:
    """Refuse an expensive picture before unpacking it: by the size in its header, and by how often the file passes over
    it.
    """
    pixels = image.width * image.height
    if pixels > EVERY_KIND[kind].pixels:
        raise Refused("picture_too_large")
    if kind == "png" and pixels * (1 if len(image.getbands()) == 1 else 4) > _MAX_BYTES:
        raise Refused("picture_too_large")
    if kind != "jpeg":
        return
    scans = path.read_bytes().count(b"\xff\xda")
    if scans > _MAX_SCANS:
        raise Refused("picture_complex")
    if scans > 1 and pixels > _MAX_PROGRESSIVE:
        raise Refused("picture_too_large")


def _write_pages(path: Path, target: Path) -> int:
    pages = []
    with Image.open(path, formats=["TIFF"]) as image:
        count = getattr(image, "n_frames", 1)
        if count > _MAX_PAGES:
            raise Refused("picture_too_many_pages")
        for number in range(count):
            image.seek(number)
            if image.width * image.height > _MAX_PAGE_PIXELS:
                raise Refused("picture_too_large")
            page = _flat(_reduced(image, _PAGE_SIDE, as_grey=image.mode == "1"))
            _forget_notes(page)
            pages.append(page)
    pages[0].save(target, "PDF", save_all=True, append_images=pages[1:], resolution=200, title="", producer="")
    return len(pages)


def _reduced(image: Image.Image, side: int, as_grey: bool = False) -> Image.Image:
    made = image.convert("L") if as_grey else image.copy()
    made.thumbnail((side, side), reducing_gap=2.0)
    return made


def _flat(image: Image.Image) -> Image.Image:
    """Return the picture in a mode that a JPEG can have; transparent parts become white."""
    if image.mode in _JPEG_MODES:
        return image
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGB", layer.size, "white")
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value / 256).convert("L")
    return image.convert("RGB")


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 - notes that cannot be read say nothing of how it was held; the picture itself is sound
        return image


def _forget_notes(image: Image.Image) -> None:
    image.info = {name: value for name, value in image.info.items() if name == "transparency"}
