"""The paper on a photo as it looks from straight above, in a process of its own: the file comes from outside.

The paper must be lighter than what it lies on and show its four corners; of any other photo nothing is said. The photo as it
was sent stays what is kept and proved.
"""

import io
from pathlib import Path
from typing import Any

import numpy
from numpy.typing import NDArray
from PIL import Image, ImageOps
from scipy import ndimage, spatial

Array = NDArray[Any]
# The paper is looked for on a picture of this size (pixels on its long side), and drawn at most so long.
SEEN, DRAWN = 320, 2400
# Less of the photo is no paper that was photographed.
LEAST_SHARE = 0.08
# So much of the paper must lie between its four corners, and of what is between them, be paper.
LEAST_FILLED, MOST_FILLED = 0.88, 1.05
# The outermost part of the picture, on each side, is taken for the table; the paper is lighter by this in logarithms.
AROUND, LEAST_LIGHTER = 0.12, 0.12
# A paper that runs out of the picture on more of its edge has no four corners. The outermost pixels are no measure.
MOST_CUT, EDGE = 0.02, 5
# A side is drawn through the middle of it, where it is straight, and through what lies so near (pixels): twice.
MIDDLE, NEAR = (0.15, 0.85), (12, 5)


class Refused(Exception):  # it is an answer
    """A photo on which no paper shows its four corners."""


def straight(source: Path) -> bytes:
    """Return the paper as JPEG, with its lightest part white. Raises Refused."""
    try:
        with Image.open(source) as picture:
            photo = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError) as error:
        raise Refused from error
    corners = corners_of(photo)
    top, right, bottom, left = (float(numpy.linalg.norm(corners[place] - corners[place - 3])) for place in range(4))
    width, height = max(top, bottom), max(right, left)
    scale = min(1, DRAWN / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    drawn = photo.transform(size, Image.Transform.PERSPECTIVE, _mapping(size, corners), Image.Resampling.BICUBIC)
    out = io.BytesIO()
    ImageOps.autocontrast(drawn, cutoff=1).save(out, "JPEG", quality=88)
    return out.getvalue()


def corners_of(photo: Image.Image) -> Array:
    """Return the corners of the paper (x, y in pixels of the photo): clockwise from the upper left. Raises Refused."""
    small = photo.convert("L")
    small.thumbnail((SEEN, SEEN))
    paper = _lightest(numpy.asarray(small, dtype=float))
    inner = paper[EDGE:-EDGE, EDGE:-EDGE]
    edge = numpy.concatenate([inner[0], inner[-1], inner[:, 0], inner[:, -1]]) if inner.size else numpy.ones(1)
    if paper.mean() < LEAST_SHARE or edge.mean() > MOST_CUT:
        raise Refused
    rows, columns = numpy.nonzero(paper & ~ndimage.binary_erosion(paper))
    outline = numpy.column_stack([columns, rows]).astype(float)
    corners = _four(outline)
    for near in NEAR:
        corners = _sharpened(corners, outline, near)
    if not LEAST_FILLED <= _area(corners) / paper.sum() <= MOST_FILLED:
        raise Refused
    return (corners + 0.5) * (photo.width / small.width)


def _lightest(grey: Array) -> Array:
    """Return where the largest light thing is, with its print and its holes."""
    soft = _evenly_lit(numpy.log(ndimage.gaussian_filter(grey, 2) + 4))
    light = ndimage.binary_fill_holes(ndimage.binary_closing(soft > _between(soft), iterations=3))
    names, count = ndimage.label(light)
    if not count:
        raise Refused
    sizes = numpy.bincount(names.ravel())[1:]
    found: Array = ndimage.binary_opening(names == sizes.argmax() + 1, iterations=2)
    if not found.any() or soft[found].mean() - soft[~found].mean() < LEAST_LIGHTER:
        raise Refused
    return found


def _evenly_lit(light: Array) -> Array:
    """Return the logarithm of the light without the lamp at one side, as far as the table around the paper shows it."""
    rows, columns = numpy.mgrid[-1 : 1 : light.shape[0] * 1j, -1 : 1 : light.shape[1] * 1j]
    terms = numpy.stack([numpy.ones_like(rows), rows, columns, rows * columns, rows**2, columns**2], axis=-1)
    around = table = numpy.maximum(abs(rows), abs(columns)) > 1 - AROUND
    even = light
    # Where the paper runs out of the picture the edge is no table: what is lighter than most of it is left out, and again.
    for _turn in range(4):
        found, *_rest = numpy.linalg.lstsq(terms[table], light[table], rcond=None)
        even = light - terms @ found
        table = around & (even <= numpy.median(even[around]) + LEAST_LIGHTER)
    return even


def _between(grey: Array) -> float:
    """Return the lightness that divides the picture best into dark and light (Otsu)."""
    counts, edges = numpy.histogram(grey, bins=64)
    middles = (edges[:-1] + edges[1:]) / 2
    below = numpy.cumsum(counts)
    above = below[-1] - below
    sums = numpy.cumsum(counts * middles)
    with numpy.errstate(divide="ignore", invalid="ignore"):
        apart = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(edges[1 + int(numpy.nan_to_num(apart).argmax())])


def _four(points: Array) -> Array:
    """Return the four corners of the points' hull that are left when the flattest are taken away one by one."""
    try:
        hull = points[spatial.ConvexHull(points).vertices]
    except spatial.QhullError as error:
        raise Refused from error
    while len(hull) > 4:
        before, after = numpy.roll(hull, 1, axis=0), numpy.roll(hull, -1, axis=0)
        hull = numpy.delete(hull, _cross(hull - before, after - before).argmin(), axis=0)
    if len(hull) < 4:
        raise Refused
    # Qhull goes round with y upwards; in a picture, where y goes down, that is clockwise.
    return numpy.roll(hull, -int(hull.sum(axis=1).argmin()), axis=0)


def _sharpened(corners: Array, outline: Array, near: int) -> Array:
    """Return the corners where the four sides meet: the corners of a blurred outline are round."""
    sides = []
    for start, end in zip(corners, numpy.roll(corners, -1, axis=0), strict=True):
        along = (end - start) / max(1, numpy.linalg.norm(end - start))
        passed = (outline - start) @ along / max(1, numpy.linalg.norm(end - start))
        beside = abs((outline - start) @ numpy.array([-along[1], along[0]]))
        points = outline[(passed > MIDDLE[0]) & (passed < MIDDLE[1]) & (beside < near)]
        if len(points) < 2:
            raise Refused
        middle = points.mean(axis=0)
        sides.append((middle, numpy.linalg.svd(points - middle, full_matrices=False)[2][0]))
    return numpy.array([_meeting(before, side) for before, side in zip([sides[-1], *sides[:-1]], sides, strict=True)])


def _meeting(one: tuple[Array, Array], other: tuple[Array, Array]) -> Array:
    """Return where two lines meet, each given by a point and a direction."""
    try:
        far, _rest = numpy.linalg.solve(numpy.column_stack([one[1], -other[1]]), other[0] - one[0])
    except numpy.linalg.LinAlgError as error:
        raise Refused from error
    met: Array = one[0] + far * one[1]
    return met


def _cross(one: Array, other: Array) -> Array:
    found: Array = numpy.abs(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0])
    return found


def _area(corners: Array) -> float:
    following = numpy.roll(corners, -1, axis=0)
    return float(abs((corners[:, 0] * following[:, 1] - corners[:, 1] * following[:, 0]).sum()) / 2)


def _mapping(size: tuple[int, int], corners: Array) -> list[float]:
    """Return the eight numbers that take a point of the drawn paper to its place on the photo."""
    width, height = size
    rows, wanted = [], []
    for (x, y), (on_x, on_y) in zip([(0, 0), (width, 0), (width, height), (0, height)], corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -on_x * x, -on_x * y], [0, 0, 0, x, y, 1, -on_y * x, -on_y * y]]
        wanted += [on_x, on_y]
    return [float(number) for number in numpy.linalg.solve(numpy.array(rows, dtype=float), numpy.array(wanted))]
