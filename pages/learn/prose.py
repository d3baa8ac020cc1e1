"""The text of a lesson as Streamlit shows it: with values filled in and links to other lessons."""

import re
from urllib.parse import urlencode

from core.lessons.lesson import Lesson
from pages.learn import library
from pages.learn.concepts import homes, title
from pages.learn.links import kept
from pages.ui.math_colors import coloured
from pages.ui.translations import language


LINK = re.compile(r"\[\[(?P<target>[A-Za-z][A-Za-z0-9-]*)(?:#(?P<anchor>[a-z0-9-]+))?(?:\|(?P<words>[^\]]+))?\]\]")


def rendered(lesson: Lesson, text: str, line: int) -> str:
    """Replaces {= expression :format} by its value and [[D7]] or [[l05#delta|text]] by a link. Raises LessonError."""
    return LINK.sub(_link, coloured(lesson.filled(text, line)))


def targets(text: str) -> list[tuple[str, str]]:
    """(lesson or concept, anchor) of each link in a text."""
    return [(match["target"], match["anchor"] or "") for match in LINK.finditer(text)]


def _link(match: re.Match) -> str:
    """A Markdown link, or plain text if that lesson is not written yet."""
    target, lessons = match["target"], library.lessons(language())
    home = homes().get(target, target)
    text = match["words"] or (
        title(target) if target in homes() else lessons[home].head.title if home in lessons else target
    )
    if home not in lessons:
        return text
    anchor = f"#{match['anchor']}" if match["anchor"] else ""
    return f"[{text}](lesson?{urlencode({'lesson': home, **kept()})}{anchor})"
