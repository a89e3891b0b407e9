"""Photos and scans, written anew: the camera's notes (place, device, time) and whatever hid behind the picture are
gone.
"""

import warnings
from pathlib import Path

from PIL import Image, ImageOps

from .refusal import Refused

# A JPEG is reduced while it is read, so a large phone photo costs little; a PNG has to be unpacked whole.
MAX_PIXELS = {"jpeg": 150_000_000, "png": 40_000_000}
# A4 at 300 dots an inch is 3508 long; more than this serves nobody who reads a receipt.
LONG_SIDE = 4000
_JPEG_MODES = {"L", "RGB"}


def rewrite_picture(path: Path, target: Path, kind: str) -> tuple[int, int]:
    """Write the picture to `target`, upright, at most LONG_SIDE long; answers width and height (pixels) or raises
    Refused.
    """
    Image.MAX_IMAGE_PIXELS = None  # our own limit is asked below, before anything is unpacked
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _rewrite(path, target, kind)
    except Refused:
        raise
    except Exception as error:  # whatever a broken picture does to its decoder
        raise Refused("picture_broken") from error


def _rewrite(path: Path, target: Path, kind: str) -> tuple[int, int]:
    with Image.open(path, formats=[kind.upper()]) as image:
        image.verify()
    # Verifying uses the picture up.
    with Image.open(path, formats=[kind.upper()]) as image:
        if image.width * image.height > MAX_PIXELS[kind]:
            raise Refused("picture_too_large")
        if kind == "jpeg":
            image.draft(None, (LONG_SIDE // 2, LONG_SIDE // 2))
        image.load()
        upright = _upright(image)
        upright.thumbnail((LONG_SIDE, LONG_SIDE), reducing_gap=2.0)
        _forget_notes(upright)
        if kind == "jpeg":
            kept = upright if upright.mode in _JPEG_MODES else upright.convert("RGB")
            kept.save(target, "JPEG", quality=88)
        else:
            upright.save(target, "PNG", exif=b"")
        return upright.size


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 - notes that cannot be read say nothing of how it was held; the picture itself is sound
        return image


def _forget_notes(image: Image.Image) -> None:
    image.info = {name: value for name, value in image.info.items() if name == "transparency"}
