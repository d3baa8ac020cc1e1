"""Uploads for tests: images, zips of them, and what is read from them."""

import io
import zipfile

from PIL import Image

from core.data.dataset import Dataset
from core.data.sources.uploads import read_upload


def drawn(grey=100, size=(20, 20), mode="L", form="PNG", **options) -> bytes:
    file = io.BytesIO()
    color = grey if mode in ("L", "I;16", "P") else (grey, *[200] * (len(mode) - 1))
    Image.new(mode, size, color).save(file, form, **options)
    return file.getvalue()


def packed_files(files: dict[str, bytes], method=zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()


def two_classes(count=6) -> dict[str, bytes]:
    return {f"{name}/{k}.png": drawn(grey + k) for name, grey in (("cat", 10), ("dog", 210)) for k in range(count)}


def read(files, side=8, channels=1, name="animals.zip"):
    return read_upload(files if isinstance(files, bytes) else packed_files(files), name, side, channels)


def levels(dataset: Dataset, part=None) -> dict[str, list[int]]:
    """{class: the sorted grey levels of its images}."""
    rows = dataset.parts[part] if part else range(len(dataset.labels))
    result = {name: [] for name in dataset.class_names}
    for row in rows:
        result[dataset.class_names[dataset.labels[row]]].append(int(dataset.images[row].max()))
    return {name: sorted(values) for name, values in result.items()}


def on_disk(root, files):
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


def put(folder, name, content: bytes):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name
