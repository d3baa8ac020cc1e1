"""Paths of images -> the part and the class of each. The whole tree is looked at before anything is decided, and what
is not understood is refused or left out with a reason: nothing is guessed in silence."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from core.data.dataset import DataError
from core.data.formats.class_names import cleaned, one_spelling
from core.data.formats.label_table import LabelTable


PART_WORDS = {
    "train": r"train(ing|ings)?|trn|entrainement|entrenamiento",
    "validation": r"val|valid|validation|validierung(s)?|dev|devel|development|eval|evaluation",
    "test": r"test|tests|testing|tst|holdout|prueba",
}
THINGS = r"(set|data|dataset|images?|imgs?|pictures?|photos?|samples?|split|part|folder|daten|bilder|menge)?"
SHORT_PARTS = {"tr": "train", "te": "test", "ts": "test", "va": "validation", "vl": "validation"}
"""Only where each holds the same folders."""
FER2013 = {"publictest": "validation", "privatetest": "test"}
ALSO_TRAINING = {"trainval", "trainvalid"}
RESULTS = re.compile(r"results?|outputs?|screenshots?|checkpoints?|predictions?|previews?|thumb(nail)?s?")
PERHAPS_RESULTS = re.compile(
    r"logs?|plots?|figures?|figs?|docs?|documentation|runs|src|scripts?|notebooks?|(example|sample)s?([ _-]images?)?|"
    r"assets|media|static|icons?|logos?"
)
"""Taken for results only if there are few images inside: a log can be made of wood."""
COLLECTIONS = re.compile(r"(my ?)?(raw ?)?(data ?sets?|data|images?|imgs?|pictures?|photos?|archive|dataset ?\d+|all)")
NUMBERED = re.compile(r"(fold|batch|part|session|subject|camera|user|writer|person|day|site)[ _-]?\w{1,3}")
NO_CLASSES = frozenset(
    {
        *("img", "image", "images", "dsc", "dscn", "dscf", "photo", "picture", "pict", "pic", "frame", "file", "pxl"),
        *("mvimg", "screenshot", "scan", "sample", "page", "slide", "copy", "untitled", "unnamed", "index", "fig"),
    }
)
"""What cameras and programs write in front of a number."""

BESIDE_CLASSES = "beside the folders of the classes, not in a folder of one"
BESIDE_PARTS = "beside the folders of the parts"
NO_CLASS = "not in a folder named after its class"
RESULTS_FOLDER = "in a folder of results, not of a class"
NOT_IN_TABLE = "without a label in the table"
SECOND_COPY = "in a second copy of the folders"


@dataclass(frozen=True)
class Placed:
    path: PurePosixPath
    part: str
    """ "" if the tree has no parts."""
    label: str


@dataclass(frozen=True)
class Plan:
    placed: tuple[Placed, ...]
    left_out: Mapping[str, tuple[PurePosixPath, ...]]
    """Reason -> images."""
    remarks: tuple[str, ...]
    """How the tree was understood, where that is not obvious."""
    ambiguous: bool = False
    """Whether the inner folders could be the classes just as well."""


def plan(paths: Iterable[PurePosixPath], label: str, tables: Sequence[LabelTable] = (), inner: bool = False) -> Plan:
    """`paths` of images inside the folder or archive called `label`; `tables` beside them may name their classes.
    `inner`: where every folder holds the same folders, the inner ones are the classes. Raises DataError."""
    reading = _Reading(label, tuple(tables), inner)
    reading.read(_grown(paths), "")
    if len({part for part, _ in reading.found} - {""}) and "" in {part for part, _ in reading.found}:
        raise DataError(f"{label} has some images inside folders like train and test and others outside. {HOW}")
    return reading.plan()


HOW = "Put the images of each class into a folder with its name, for example train/cat/1.png and test/cat/2.png."


def part_named(name: str) -> str:
    """ "train", "validation", "test", or "" for a folder with another name: "seg_train", "Test Data", "valid1", …"""
    if cleaned(name).lower() in FER2013:
        return FER2013[cleaned(name).lower()]
    words = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cleaned(name)))
    lowered = [word.lower() for word in words]
    if ALSO_TRAINING & set(lowered) or {"train", "val"} == set(lowered):
        return "train"
    parts = {
        part
        for part, pattern in PART_WORDS.items()
        if any(re.fullmatch(f"({pattern}){THINGS}", word) for word in lowered)
    }
    return parts.pop() if len(parts) == 1 else ""


def labels_in_names(paths: Sequence[PurePosixPath], known: frozenset[str] = frozenset()) -> dict[PurePosixPath, str]:
    """The class in front of a number, cat.0.jpg, if every file has one and there are at least two classes, or only
    `known` ones; else {}."""
    matches = {path: re.fullmatch(r"(.*?[^\W\d_])[\s._\-(#]*\d+\)?", cleaned(path.stem)) for path in paths}
    labels = {path: match[1] for path, match in matches.items() if match}
    different = {label.casefold() for label in labels.values()}
    few = not 2 <= len(different) <= len(labels) / 2 and not different <= known
    unlike = few or len(labels) < len(matches)
    return {} if unlike or any(word in NO_CLASSES or part_named(word) for word in different) else labels


@dataclass(eq=False)
class _Folder:
    name: str
    files: list[PurePosixPath] = field(default_factory=list)
    folders: dict[str, "_Folder"] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The name, alike in all its spellings."""
        return cleaned(self.name).casefold()

    @property
    def part(self) -> str:
        return part_named(self.name)

    def all_files(self) -> list[PurePosixPath]:
        return [*self.files, *(path for inside in self.inside for path in inside.all_files())]

    @property
    def inside(self) -> list["_Folder"]:
        return list(self.folders.values())

    def unwrapped(self) -> "_Folder":
        """The innermost folder that contains everything, without loose images beside it: cat for cat/images/1.png."""
        inner = self
        while len(inner.folders) == 1 and not inner.files:
            (inner,) = inner.inside
        return inner

    def names_inside(self) -> frozenset[str]:
        return frozenset(it.key for it in self.unwrapped().inside)

    def with_parts(self) -> "_Folder":
        """Like `unwrapped`, but not into a part."""
        inner = self
        while len(inner.folders) == 1 and not inner.files and not inner.inside[0].part:
            (inner,) = inner.inside
        return inner

    def holds_parts(self) -> bool:
        parts = {it.part for it in self.unwrapped().inside}
        return "train" in parts and bool(parts & {"validation", "test"})


def _grown(paths: Iterable[PurePosixPath]) -> _Folder:
    root = _Folder("")
    for path in paths:
        here = root
        for name in path.parent.parts:
            here = here.folders.setdefault(name, _Folder(name))
        here.files.append(path)
    return root


class _Reading:
    """What was found so far, and what was left out."""

    def __init__(self, label: str, tables: tuple[LabelTable, ...], inner: bool):
        self.label, self.tables, self.inner = label, tables, inner
        self.found: dict[tuple[str, str], list[PurePosixPath]] = defaultdict(list)
        """(part, class as written) -> images."""
        self.left_out: dict[str, list[PurePosixPath]] = defaultdict(list)
        self.remarks: list[str] = []
        self.ambiguous = False
        self.classes: set[str] = set()
        """Names of classes in some part, to know them in another part."""

    def plan(self) -> Plan:
        written = (label for (_, label), paths in self.found.items() for _ in paths)
        spelling, remarks = one_spelling(written, self._letters())
        placed = [Placed(path, part, spelling[name]) for (part, name), paths in self.found.items() for path in paths]
        return Plan(
            tuple(sorted(placed, key=lambda one: one.path)),
            {reason: tuple(sorted(paths)) for reason, paths in self.left_out.items() if paths},
            tuple(dict.fromkeys([*self.remarks, *remarks])),
            self.ambiguous,
        )

    def _letters(self) -> frozenset[str]:
        """Single letters that stand side by side in upper and lower case: two classes each."""
        names = Counter((part, cleaned(name).casefold()) for part, name in self.found if len(cleaned(name)) == 1)
        both = {letter for (_, letter), times in names.items() if times > 1}
        return frozenset({letter for it in both for letter in (it, it.upper())})

    def leave(self, reason: str, *folders: _Folder) -> None:
        for folder in folders:
            self.left_out[reason] += folder.all_files()

    # --- from the outside to the inside ------------------------------------------------------------------------------

    def read(self, folder: _Folder, part: str) -> None:
        """Finds parts, then classes; `part` is the one that the folders outside name."""
        folder = self._entered(folder, part)
        if _names_both(folder.inside, part):
            self._read_both(folder, part)
        elif parts := self._parts(folder):
            self._read_parts(folder, parts, part)
        elif folder.folders:
            self._read_classes(folder, part)
        else:
            self._read_flat(folder.files, part)

    def _entered(self, folder: _Folder, part: str) -> _Folder:
        """Goes through folders that contain everything and name nothing; loose images beside them are left out."""
        while len(folder.folders) == 1:
            (only,) = folder.inside
            is_part = only.part and not only.holds_parts()
            names_no_class = only.folders or self._labels(only.files, part)
            if is_part or only.key in self.classes or not names_no_class:
                break
            self.left_out[BESIDE_CLASSES] += folder.files
            folder = only
        return folder

    def _parts(self, folder: _Folder) -> list[_Folder]:
        """The folders in it that are parts, or none if there are no parts here."""
        named = [it for it in folder.inside if it.part]
        others = [it for it in folder.inside if not it.part]
        deep = [it for it in named if self._has_classes(it)]
        if not named or not others:
            return named
        if not deep:
            return []  # folders of images side by side: "train" is a vehicle
        if any(it.part == "train" for it in named):
            alike = [it for it in others if len(it.names_inside() & deep[0].names_inside()) > 1]
            if len(named) == 1 and alike:
                raise DataError(
                    f"{self.label} has folders {_listed([*named, *alike])} with the same folders inside. If they are "
                    "parts, call them train, validation and test; if they are classes, pack them without the folders "
                    f"inside. {HOW}"
                )
            return named
        beside = frozenset(it.key for it in others)
        if all(len(it.names_inside() & beside) > 1 for it in deep):
            return named  # cat, dog and test/cat, test/dog: what is beside the test part is for training
        if len(others) == 1 and all(len(others[0].names_inside() & it.names_inside()) > 1 for it in deep):
            return named  # pets/cat, pets/dog and pets-test/cat, pets-test/dog
        raise DataError(
            f"{self.label} has a folder {_listed(deep[:1])}, which looks like a part of the data, but none to train "
            f"with beside it ({_listed(others)}). {HOW}"
        )

    def _has_classes(self, folder: _Folder) -> bool:
        """Whether there are folders in it, or the names of its images say a class."""
        inner = folder.unwrapped()
        return bool(inner.folders) or inner is not folder or bool(self._labels(inner.files, folder.part))

    def _read_parts(self, folder: _Folder, parts: list[_Folder], outer: str) -> None:
        self.left_out[BESIDE_PARTS] += folder.files
        others = [it for it in folder.inside if it not in parts]
        for it in parts:
            named = self._labels(it.unwrapped().files, it.part).values()
            self.classes |= it.names_inside() | {cleaned(name).casefold() for name in named}
        for it in parts:
            if outer not in ("", "train", it.part):
                raise DataError(f"{self.label} has a folder {_listed([it])} inside one for the {outer} part. {HOW}")
            self.read(it, it.part)
        for part in PART_WORDS:
            if len(same := [it for it in parts if it.part == part]) > 1:
                self.remarks.append(f"The folders {_listed(same)} were taken together, as one {part} part.")
        if outer or any(it.part == "train" for it in parts):
            self.leave(BESIDE_PARTS, *others)
        elif others:
            if len(others) == 1:
                self.read(others[0], "train")
            else:
                self._classes(others, "train")
            self.remarks.append(
                f"The folders beside {_listed(parts)} were taken as the training part: {_listed(others)}."
            )

    def _read_both(self, folder: _Folder, part: str) -> None:
        """Folders that name a part and a class, such as train_cats and test_cats."""
        self.left_out[BESIDE_PARTS] += folder.files
        for it in folder.inside:
            self.found[it.part or part, _without_part(it.name)] += it.all_files()
        names = ", ".join(dict.fromkeys(repr(_without_part(it.name)) for it in folder.inside))
        self.remarks.append(f"The names of the folders say part and class: the classes are {names}.")

    # --- classes ------------------------------------------------------------------------------------------------------

    def _read_classes(self, folder: _Folder, part: str) -> None:
        inside = self._without_second_copy(self._without_results(folder.inside))
        entered = self._collection(inside)
        if len(inside) == 1 < len(folder.inside) and inside[0].folders:
            entered = inside[0]
        self.left_out[BESIDE_CLASSES if entered or len(inside) > 1 else NO_CLASS] += folder.files
        if entered:
            self.leave(BESIDE_CLASSES, *(it for it in inside if it is not entered))
            self.read(entered, part)
        elif not part and _parts_inside(inside):
            for class_ in inside:
                for it in class_.with_parts().inside:
                    self.found[it.part, class_.name] += it.all_files()
        elif _alike_inside(inside):
            self._read_alike(inside, part)
        else:
            self._classes(inside, part)
            together = [it for it in inside if len(it.unwrapped().folders) > 1]
            for it in together[:3]:
                self.remarks.append(
                    f"The folders inside {_listed([it])} were taken together as one class: "
                    f"{_listed(it.unwrapped().inside)}."
                )

    def _classes(self, folders: list[_Folder], part: str) -> None:
        """Each folder is a class, with whatever folders are in it."""
        for folder in folders:
            self.found[part, folder.name] += folder.all_files()
        if like_parts := [it for it in folders if it.part]:
            self.remarks.append(f"Taken as a class, not as a part of the data: {_listed(like_parts)}.")

    def _without_results(self, folders: list[_Folder]) -> list[_Folder]:
        named = [it for it in folders if RESULTS.fullmatch(it.key) or PERHAPS_RESULTS.fullmatch(it.key)]
        few = min((len(it.all_files()) for it in folders if it not in named), default=0) / 2
        results = [it for it in named if RESULTS.fullmatch(it.key) or len(it.all_files()) <= few]
        others = [it for it in folders if it not in results]
        if len(others) < 2 and not any(it.folders for it in others):
            return folders
        self.leave(RESULTS_FOLDER, *results)
        return others

    def _without_second_copy(self, folders: list[_Folder]) -> list[_Folder]:
        """Without flowers/flowers, which has the same folders as flowers."""
        names = {it.key for it in folders}
        copies = [it for it in folders if len(names) > 2 and it.names_inside() == names - {it.key}]
        self.leave(SECOND_COPY, *copies)
        return [it for it in folders if it not in copies]

    def _collection(self, folders: list[_Folder]) -> _Folder | None:
        """The only folder with folders inside that name parts, or whose own name is no class's, such as "dataset"."""
        if len(folders) < 2 or _parts_inside(folders):
            return None
        with_parts = [it for it in folders if it.holds_parts()]
        if len(with_parts) > 1:
            raise DataError(
                f"{self.label} has several data sets: {_listed(with_parts)} each have folders like train and test. "
                "Choose one of them."
            )
        deep = [it for it in folders if len(it.unwrapped().folders) > 1]
        named = [it for it in deep if COLLECTIONS.fullmatch(re.sub("[_-]", " ", it.key))]
        chosen = with_parts or (named if len(deep) == 1 else [])
        return chosen[0] if chosen else None

    def _read_alike(self, folders: list[_Folder], part: str) -> None:
        collections = [it for it in folders if COLLECTIONS.fullmatch(re.sub("[_-]", " ", it.key))]
        if len(collections) == 1:
            self.leave(SECOND_COPY, *(it for it in folders if it not in collections))
            self.read(collections[0], part)
            return
        if {it.key for it in folders} <= set(SHORT_PARTS) and not part:
            for it in folders:
                self.read(it, SHORT_PARTS[it.key])
            return
        inner = [it for folder in folders for it in folder.unwrapped().inside]
        names = ", ".join(dict.fromkeys(cleaned(it.name) for it in inner))
        numbered = all(NUMBERED.fullmatch(it.key) for it in folders)
        self.ambiguous |= not numbered
        if numbered or self.inner:
            self._classes(inner, part)
            self.left_out[BESIDE_CLASSES] += [path for it in folders for path in it.unwrapped().files]
            self.remarks.append(f"The folders {_listed(folders)} were taken together; the classes are inside: {names}.")
        else:
            self._classes(folders, part)
            self.remarks.append(
                f"Taken as classes: {_listed(folders)}. Inside each there are folders {names}: are those the classes? "
                "If the outer folders are parts, call them train, validation and test."
            )

    # --- images without folders of classes ----------------------------------------------------------------------------

    def _read_flat(self, files: list[PurePosixPath], part: str) -> None:
        labels = self._labels(files, part)
        for path in files:
            if path in labels:
                self.found[part, labels[path]].append(path)
            else:
                self.left_out[NOT_IN_TABLE if labels else NO_CLASS].append(path)

    def _labels(self, files: list[PurePosixPath], part: str) -> dict[PurePosixPath, str]:
        """From a table beside the images, or else from their names."""
        labels: dict[PurePosixPath, str] = {}
        for table in self.tables:
            if part and part_named(table.path.stem) not in ("", part):
                continue
            for path in files:
                if (label := table.label_of(path)) is not None and labels.setdefault(path, label) != label:
                    raise DataError(
                        f"{self.label} has two labels for {path.name}: {labels[path]!r}, and {label!r} in "
                        f"{table.path.name}. Leave one of the tables out."
                    )
        return labels or labels_in_names(files, frozenset(self.classes))


def _names_both(folders: list[_Folder], outer: str) -> bool:
    """Whether every folder holds images only, and its name says a part and a class, at least two of them to train
    with."""
    classes = {(it.part, _without_part(it.name).casefold()) for it in folders}
    names = {name for _, name in classes}
    trained = {name for part, name in classes if part == (outer or "train")}
    return (
        len(names) > 1
        and names == trained
        and all(re.search(r"[^\W\d_]", name) and not re.fullmatch(THINGS, name) for name in names)
        and "" not in {it.part for it in folders}
        and not any(it.folders for it in folders)
    )


def _without_part(name: str) -> str:
    """ "train_cats" -> "cats"."""
    words = re.split(r"[\s_.\-]+|(?<=[a-z])(?=[A-Z])", cleaned(name))
    return " ".join(word for word in words if not part_named(word))


def _parts_inside(folders: list[_Folder]) -> bool:
    """Whether every class has its own parts: cat/train/1.png."""
    inner = [it.with_parts() for it in folders]
    parts = {inside.part for it in inner for inside in it.inside}
    deep = any(inside.unwrapped().folders for it in inner for inside in it.inside)
    return (
        len(folders) > 1
        and all(it.folders and not it.files for it in inner)
        and "train" in parts
        and "" not in parts
        and not deep
    )


def _alike_inside(folders: list[_Folder]) -> bool:
    """Whether each of several folders has about the same two or more folders in it."""
    names = [it.names_inside() for it in folders]
    if len(names) < 2:
        return False
    union, common = frozenset.union(*names), frozenset.intersection(*names)
    return len(common) > 1 and len(common) >= len(union) / 2


def _listed(folders: Sequence[_Folder]) -> str:
    shown = ", ".join(repr(cleaned(it.name)) for it in folders[:5])
    return shown + (f" and {len(folders) - 5:,} more" if len(folders) > 5 else "")
