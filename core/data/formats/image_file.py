"""One image file -> an array of the requested size and colours, and remarks on how it was converted."""

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from core.arrays import Array
from core.data.formats.levels import FEW_LEVELS, Levels, levels_of


warnings.filterwarnings("ignore", category=UserWarning, module="PIL")  # of damaged EXIF data, which do not matter

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM")
ANIMATED = ("PNG", "GIF", "WEBP", "TIFF")
ENDINGS = (
    *(".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".gif", ".bmp", ".dib", ".webp"),
    *(".tif", ".tiff", ".ppm", ".pgm", ".pbm", ".pnm", ".apng"),
)
MOST_PIXELS = 40_000_000
"""Of an image before it is scaled down: a photograph has 12 to 24 million."""
TOO_LARGE = f"too large: it has more than {MOST_PIXELS // 10**6} million pixels"
Ground = Literal["white", "black", "grey"]
Kind = Literal["bytes", "integers", "decimals"]
"""Of the values in a file: grey levels of 8 bits, integers of more bits, or floating-point numbers."""
BLANK = 16
"""An image whose grey levels differ by less than this is of one colour to the eye."""

OTHER_STARTS = {
    b"version https://git-lfs": "a Git LFS pointer, not the image: run git lfs pull, and pack the folder again",
    b"<": "a web page or other text, not an image: its download failed",
    b"%PDF": "a PDF, not an image",
    b"PK\3\4": "a zip, not an image",
    b"\xff\x0a": "a JPEG XL image, which ConvScope cannot read: save it as PNG",
    b"\0\0\0\x0cJXL ": "a JPEG XL image, which ConvScope cannot read: save it as PNG",
    b"\0\0\0\x0cjP  ": "a JPEG 2000 image, which ConvScope cannot read: save it as PNG",
}
BRANDS = {
    (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"): "HEIC",
    (b"avif", b"avis"): "AVIF",
}
"""Of files that start like a video (ISO 14496-12): bytes 4 to 8 are "ftyp", then comes the brand."""


class LeftOutError(Exception):
    """An image that cannot be used; the message is a clause that says what it is or why: "empty"."""

    def of(self, name: str) -> str:
        """Sentences for the reader who has chosen the file called `name`: what is wrong, and what to do."""
        return f"{name} is {self}. Choose another image: {', '.join(FORMATS[:-1])} or {FORMATS[-1]}."


@dataclass(frozen=True, eq=False)
class RawImage:
    values: Array
    """(C, side, side): uint8 grey levels, or float32 in the range of the file."""
    low: float
    high: float
    """The range of the values in the file."""
    whole: bool
    kind: Kind
    remarks: tuple[str, ...]
    blank_on: frozenset[Ground] = frozenset()
    """The backgrounds on which a transparent image cannot be seen."""

    @property
    def unlevelled(self) -> bool:
        return self.values.dtype != np.uint8


def decoded(content: bytes, side: int, channels: int) -> tuple[Array, list[str]]:
    """(C, side, side) uint8, and clauses about what was unusual. The largest square in the middle is scaled to `side`
    pixels; channels: 1 for grey, 3 for red, green and blue. Raises LeftOutError."""
    raw = measured(content, side, channels)
    if raw.kind == "bytes":
        return np.clip(np.rint(raw.values), 0, 255).astype(np.uint8), list(raw.remarks)
    levels = levels_for(raw.kind, raw.low, raw.high, raw.whole)
    return levels.applied(raw.values), [*raw.remarks, levels.remark]


def levels_for(kind: Kind, low: float, high: float, whole: bool) -> Levels:
    """Like `levels_of`, with a remark wherever the file does not have grey levels of 8 bits."""
    levels = levels_of(low, high, whole)
    if kind == "bytes" or levels.remark:
        return levels
    what = "of more than 8 bits per value" if kind == "integers" else "of floating-point values"
    return replace(levels, remark=f"{what}, the largest of which is {high:.6g}: taken as grey levels")


def measured(content: bytes, side: int, channels: int, ground: Ground = "white") -> RawImage:
    """Like `decoded`, but values that are not clearly grey levels stay in the range of the file, which a set of images
    has in common. Raises LeftOutError."""
    loaded = _loaded(content, ground)
    image = loaded.image if loaded.kind != "bytes" else loaded.image.convert("RGB" if channels == 3 else "L")
    low, high, whole = _range(image)
    bands = [image]
    if loaded.kind != "bytes" or high <= FEW_LEVELS:
        bands = [band.convert("F") for band in image.split()]
    small = [np.asarray(ImageOps.fit(band, (side, side), Image.Resampling.BICUBIC)) for band in bands]
    values = np.concatenate([np.moveaxis(np.atleast_3d(one), -1, 0) for one in small])
    values = np.broadcast_to(values, (channels, side, side))
    return RawImage(values, low, high, whole, loaded.kind, tuple(loaded.remarks), loaded.blank_on)


def opened(
    content: bytes, mode: Literal["L", "RGB"], behind: Literal["white", "contrast"] = "white"
) -> tuple[Image.Image, list[str]]:
    """The image, upright, without transparency, in grey or in colours, and clauses about what was unusual. A
    transparent one is put on white, or on black if nothing could be seen on white, or, for "contrast", if its ink is
    bright. Raises LeftOutError."""
    loaded = _loaded(content, behind)
    if loaded.blank_on == {"white"}:
        loaded = _loaded(content, "black")
    if loaded.kind == "bytes":
        return loaded.image.convert(mode), loaded.remarks
    levels = levels_for(loaded.kind, *_range(loaded.image))
    image = Image.fromarray(levels.applied(np.asarray(loaded.image)))
    return image.convert(mode), [*loaded.remarks, levels.remark]


@dataclass(frozen=True, eq=False)
class _Loaded:
    """Upright and without transparency; mode F if the values are not bytes."""

    image: Image.Image
    kind: Kind
    remarks: list[str]
    blank_on: frozenset[Ground] = frozenset()


def _range(image: Image.Image) -> tuple[float, float, bool]:
    """The lowest and the highest value, and whether all are whole numbers."""
    if image.mode != "F":
        extrema = np.array(image.getextrema())
        return float(extrema.min()), float(extrema.max()), True
    values = np.asarray(image)
    if not np.isfinite(values).all():
        raise LeftOutError("an image with values that are not numbers")
    return float(values.min()), float(values.max()), bool((values == np.rint(values)).all())


def _loaded(content: bytes, behind: Ground | Literal["contrast"]) -> _Loaded:
    if other := _no_image(content):
        raise LeftOutError(other)
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise LeftOutError(TOO_LARGE)
            upright = ImageOps.exif_transpose(image)
            contrast: Ground = "black" if _transparent(image) and _is_bright(upright) else "white"
            ground = contrast if behind == "contrast" else behind
            remarks = _unusual(image, ground, _frames(content) if image.format in ANIMATED else 1)
            if upright.mode.startswith(("I", "F")):
                kind: Kind = "integers" if upright.mode.startswith("I") else "decimals"
                return _Loaded(Image.fromarray(np.asarray(upright, dtype=np.float32)), kind, remarks)
            upright.load()
            if not _transparent(image):
                return _Loaded(upright, "bytes", remarks)
            return _Loaded(_on(upright, ground), "bytes", remarks, _blank_on(upright))
    except LeftOutError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise LeftOutError(TOO_LARGE) from None
    except UnidentifiedImageError:
        raise LeftOutError("not an image that ConvScope can read") from None
    except Exception:  # what Pillow raises for damaged bytes has no end: OSError, TypeError, struct.error, …
        raise LeftOutError("damaged or cut short") from None


def _no_image(content: bytes) -> str:
    """What the bytes are if they are no image, as a clause; "" if they may be one."""
    if not content:
        return "empty"
    start = content[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    if content[4:8] == b"ftyp":
        name = next((name for brands, name in BRANDS.items() if content[8:12] in brands), None)
        return (
            f"a photo in the format {name}, which ConvScope cannot read: save it as JPEG"
            if name
            else "a video, not an image"
        )
    return next((words for mark, words in OTHER_STARTS.items() if start.startswith(mark)), "")


def _frames(content: bytes) -> int:
    """Counting may fail in a file whose first frame is sound, and leave it open at another one."""
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        try:
            return int(getattr(image, "n_frames", 1))
        except Exception:  # as in _loaded
            return 1


def _unusual(image: Image.Image, ground: Ground, frames: int) -> list[str]:
    remarks = {
        "animated: the first frame was used": frames > 1,
        f"transparent: put on a {ground} background": _transparent(image),
        "CMYK: converted to red, green and blue": image.mode == "CMYK",
    }
    return [remark for remark, applies in remarks.items() if applies]


def _transparent(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info


def _on(image: Image.Image, ground: Ground) -> Image.Image:
    over = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", over.size, ground), over)


def _is_bright(image: Image.Image) -> bool:
    """Whether what is not transparent is bright, on average."""
    grey, alpha = (np.asarray(band, float) for band in image.convert("LA").split())
    return bool((grey * alpha).sum() > 127.5 * max(1.0, alpha.sum()))


def _blank_on(image: Image.Image) -> frozenset[Ground]:
    """The grounds on which nothing is to be seen of an image that is not the same everywhere."""
    over = image.convert("RGBA")
    if all(low == high for low, high in _extrema(over)):
        return frozenset()
    grounds: Sequence[Ground] = ("white", "black")
    return frozenset(ground for ground in grounds if _blank(_on(image, ground)))


def _blank(image: Image.Image) -> bool:
    return all(high - low < BLANK for low, high in _extrema(image.convert("RGB")))


def _extrema(image: Image.Image) -> list[tuple[int, int]]:
    return [band.getextrema() for band in image.split()]  # type: ignore[misc]
