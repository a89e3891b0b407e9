"""Reads the printed words on a photo, in a process of its own: the file comes from outside.

Only where `requirements-ocr.txt` is installed. The models are those that rapidocr carries in its wheel, named one by one, so
that nothing is fetched from anywhere.
"""

from pathlib import Path
from types import ModuleType
from typing import Any

from PIL import Image, ImageOps

MOST_PIXELS = 1600
# In the wheel's folder `models`: where words stand, which way up they are, and what they say.
MODELS = {"Det": "det", "Cls": "cls", "Rec": "rec"}


def read(source: Path, engine: ModuleType) -> list[str]:
    """Return the lines of print on a picture as the engine (the module rapidocr) reads them, from top to bottom."""
    with Image.open(source) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((MOST_PIXELS, MOST_PIXELS))
    reader: Any = engine.RapidOCR(params=_own_models(Path(str(engine.__file__)).parent / "models"))
    return [str(line) for line in reader(upright).txts or ()]


def _own_models(folder: Path) -> dict[str, str]:
    found = {}
    for part, name in MODELS.items():
        (model,) = sorted(folder.glob(f"*_{name}_*.onnx"))
        found[f"{part}.model_path"] = str(model)
    return found
