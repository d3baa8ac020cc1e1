"""Every lesson in a real browser: widgets by keyboard, questions right and wrong, quiet sockets, no errors.

New lessons are found; nothing is listed here.
"""

import json

import pytest
from playwright.sync_api import expect

from core.lessons.quiz import solution
from tests.support.browser import SCHEMES, complaints, open_page, wait_idle
from tests.support.lesson_pages import MOVING, answer_all, give, link
from tests.support.lessons import LESSONS, typed


pytestmark = pytest.mark.browser

WALKED = [name if name == "en/start" else pytest.param(name, marks=pytest.mark.slow) for name in LESSONS]
"""The other lessons take too long for every test run."""
HOVERED = [name if name in ("en/start", "en/l06") else pytest.param(name, marks=pytest.mark.slow) for name in LESSONS]


def shown_values(page) -> list[str]:
    return page.locator(".widget").evaluate_all(
        "all => all.map(w => JSON.stringify([w, ...w.querySelectorAll('.pad')].map(one => one.dataset)))"
    )


def answers(page, moving, keys: tuple[str, ...]) -> bool:
    """Presses all keys; whether one of them changed what a widget shows. A slider at its end answers to one of two."""
    before = shown_values(page)
    changed = False
    for key in keys:
        moving.press(key)
        changed |= shown_values(page) != before
    return changed


@pytest.mark.parametrize("name", WALKED)
def test_a_walk_through_a_lesson(browser, address, name):
    lesson = LESSONS[name]
    page = open_page(browser, link(address, name))
    first = next(iter(lesson.questions), None)
    if first is not None:
        give(page, lesson, first, wrong=True)
        page.reload()
        wait_idle(page)
    answer_all(page, lesson)
    assert page.locator("[data-testid=stAlertContentSuccess]").count() == len(lesson.questions)
    for index in range(page.locator(MOVING).count()):
        moving = page.locator(MOVING).nth(index)
        moving.scroll_into_view_if_needed()
        moving.focus()
        keys = ("ArrowRight", "ArrowDown", "ArrowRight")
        assert answers(page, moving, keys), f"widget {index + 1} does not answer to the arrow keys"
    wait_idle(page)
    assert page.errors == []
    assert page.outside == []
    kept = json.loads(page.evaluate("localStorage.getItem('convscope-progress')") or "{}")
    assert sorted(kept.get(lesson.id, [])) == sorted(ask.id for ask in lesson.questions)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", [*WALKED, "contents"])
def test_a_lesson_breaks_no_rule_of_accessibility_and_fits_a_narrow_screen(browser, address, name, scheme):
    where = f"{address}/lessons" if name == "contents" else link(address, name)
    page = open_page(browser, where, color_scheme=scheme)
    for button in page.locator("[class*=st-key-] button", has_text="Show me without guessing").all()[::-1]:
        button.click()
        wait_idle(page)
    assert complaints(page) == []


@pytest.mark.parametrize("name", HOVERED)
def test_hovering_a_widget_sends_nothing_to_the_server(browser, address, name):
    sent = []
    page = open_page(browser, link(address, name), sent)
    wait_idle(page, settle=500)
    for index in range(page.locator(MOVING).count()):
        moving = page.locator(MOVING).nth(index)
        moving.scroll_into_view_if_needed()
        wait_idle(page, settle=500)
        before = len(sent)
        area = moving.bounding_box()
        for step in range(10):
            page.mouse.move(
                area["x"] + area["width"] * (step + 0.5) / 10, area["y"] + area["height"] * (9.5 - step) / 10
            )
        moving.focus()
        assert answers(page, moving, ("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight")) and len(sent) == before, (
            f"widget {index + 1}"
        )
    assert page.errors == []


@pytest.mark.slow
def test_what_a_lesson_opens_in_the_lab_can_be_changed_and_is_left_in_one_step_back(browser, address):
    page = open_page(browser, link(address, "en/l17"))
    page.get_by_role("link", name="Open this in the lab: two convolutions").click()
    page.get_by_text("Loaded from the link").wait_for(timeout=60_000)
    page.wait_for_url("**/build")
    page.get_by_role("button", name="Flatten", exact=True).click()
    page.locator("[class*='st-key-layer-'] strong", has_text="flatten2").wait_for()
    wait_idle(page)
    assert page.get_by_text("Loaded from the link").count() == 0
    page.go_back()
    page.get_by_role("heading", name="Break it").wait_for(timeout=60_000)
    assert page.errors == []


@pytest.mark.slow
def test_every_cell_of_a_convolution_shows_products_that_add_up_to_what_core_computed(browser, address):
    """Lesson 6, all its maps: flipped, padded, wrapped, strided."""
    page = open_page(browser, link(address, "en/l06"))
    answer_all(page, LESSONS["en/l06"])
    seen = page.locator(MOVING).evaluate_all(
        """all => all.map(grid => { const widget = grid.closest('.widget'), found = [];
          for (const cell of grid.children) {
            cell.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, composed: true }));
            found.push([widget.dataset.cell, Number(widget.dataset.value), JSON.parse(widget.dataset.terms)]);
          }
          return found; })"""
    )
    assert sum(map(len, seen)) > 60
    for cells in seen:
        assert len({cell for cell, _, _ in cells}) == len(cells)
        for cell, value, terms in cells:
            assert sum(a * b for a, b in terms) == pytest.approx(value, abs=1e-9), cell


def test_a_link_opens_a_section_and_keeps_the_state_of_a_widget(browser, address):
    page = open_page(browser, f"{address}/lesson?lesson=l06#flip")
    at_the_section = "Math.abs(document.getElementById('flip').getBoundingClientRect().top) < innerHeight / 2"
    page.wait_for_function(at_the_section)
    page.evaluate("""() => {
      document.querySelector("[data-testid='stMain']").style.overflowAnchor = 'none';
      document.querySelector("[data-testid='stMainBlockContainer']").prepend(
        Object.assign(document.createElement('div'), { style: 'height: 3000px' }));
    }""")
    page.wait_for_timeout(300)
    assert page.evaluate(at_the_section), "what grows above a section must not push it out of sight"
    page.locator("[class*='st-key-l06-w'][class*='-flip'] label").first.click()
    wait_idle(page)
    assert "-flip=true" in page.url
    assert "lesson=l06" in page.url
    again = open_page(browser, page.url)
    assert again.locator("[class*='st-key-l06-w'][class*='-flip'] input").first.is_checked()
    assert page.errors == again.errors == []


def test_progress_survives_a_reload_and_is_shown_in_the_contents(browser, address):
    lesson = LESSONS["en/start"]
    page = open_page(browser, link(address, "en/start"))
    answer_all(page, lesson)
    page.reload()
    wait_idle(page)
    page.get_by_role("link", name="All lessons").click()
    wait_idle(page)
    assert page.get_by_text(f"{len(lesson.questions)} of {len(lesson.questions)} questions").is_visible()
    assert page.errors == []


SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"


def scrolled(page, to: int, within: int = 30) -> None:
    """Waits until the page is scrolled to about this height."""
    page.wait_for_function(f"([to, within]) => Math.abs({SCROLLED} - to) <= within", arg=[to, within])


def test_the_next_lesson_opens_at_its_top_and_back_returns_to_where_the_reader_was(browser, address):
    page = open_page(browser, link(address, "en/l01"))
    forward = page.get_by_test_id("stPageLink").get_by_role("link", name="Next:")
    forward.scroll_into_view_if_needed()
    wait_idle(page)
    before = page.evaluate(SCROLLED)
    assert before > 2000
    forward.click()
    page.get_by_role("heading", level=1, name=LESSONS["en/l02"].head.title).wait_for()
    wait_idle(page, settle=400)
    scrolled(page, 0)
    page.mouse.wheel(0, 1500)
    page.wait_for_function(f"{SCROLLED} > 1000")
    page.go_back()
    page.get_by_role("heading", level=1, name=LESSONS["en/l01"].head.title).wait_for()
    wait_idle(page, settle=400)
    scrolled(page, before)
    page.go_forward()
    page.get_by_role("heading", level=1, name=LESSONS["en/l02"].head.title).wait_for()
    wait_idle(page, settle=400)
    scrolled(page, 1500, within=100)
    page.reload()
    wait_idle(page, settle=400)
    scrolled(page, 1500, within=100)
    assert page.errors == []


def test_a_link_in_the_text_opens_its_section_in_the_same_tab(browser, address):
    page = open_page(browser, link(address, "en/l10"))
    tabs = len(page.context.pages)
    page.locator("[data-testid=stMarkdownContainer] a[href*='lesson=l06'][href*='#']").first.click()
    page.get_by_role("heading", level=1, name=LESSONS["en/l06"].head.title).wait_for()
    wait_idle(page, settle=400)
    anchor = page.url.split("#")[1]
    assert anchor in {section.anchor for section in LESSONS["en/l06"].sections}
    page.wait_for_function(
        "id => Math.abs(document.getElementById(id).getBoundingClientRect().top) < innerHeight / 2", arg=anchor
    )
    assert len(page.context.pages) == tabs
    assert page.errors == []


def test_guesses_answers_dials_and_the_count_stay_after_a_reload_and_after_next_and_back(browser, address):
    lesson = LESSONS["en/l18"]
    page = open_page(browser, link(address, "en/l18"))
    answered = lesson.questions[0]
    give(page, lesson, lesson.predictions[0])
    give(page, lesson, answered)
    give(page, lesson, lesson.questions[1], wrong=True)
    footer = page.locator("[data-progress=l18]")
    expect(footer).to_have_text(f"1 of {len(lesson.questions)} questions")
    slider = page.locator(".widget input[type=range]").first
    slider.focus()
    for _ in range(3):
        slider.press("ArrowRight")
    at = slider.input_value()

    def all_is_there():
        wait_idle(page, settle=400)
        expect(page.locator(f".st-key-l18-{answered.id}-field input")).to_have_value(
            typed(solution(answered.question, lesson.names)), timeout=30_000
        )
        expect(page.get_by_test_id("stAlertContentInfo").first).to_be_visible()
        expect(page.get_by_test_id("stAlertContentSuccess")).to_have_count(1)
        expect(page.get_by_test_id("stAlertContentError")).to_have_count(1)
        expect(footer).to_have_text(f"1 of {len(lesson.questions)} questions")
        expect(page.locator(".widget input[type=range]").first).to_have_value(at)

    page.reload()
    all_is_there()
    page.get_by_test_id("stPageLink").get_by_role("link", name="Next:").click()
    page.get_by_role("heading", level=1, name=LESSONS["en/l19"].head.title).wait_for()
    wait_idle(page)
    page.go_back()
    page.get_by_role("heading", level=1, name=lesson.head.title).wait_for()
    all_is_there()
    assert page.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_fields_are_named_after_their_question_and_their_borders_are_seen(browser, address, scheme):
    page = open_page(browser, link(address, "en/l01"), color_scheme=scheme)
    lesson = LESSONS["en/l01"]
    for number, ask in enumerate(lesson.questions, 1):
        assert page.get_by_role("heading", level=3, name=f"Question {number}", exact=True).is_visible()
        named = page.get_by_label(f"Your answer to question {number}", exact=True)
        assert named.count() == 1, ask.id
    contrasts = page.evaluate(
        """() => {
      const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      const paper = getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor;
      const luminance = (colour) => {
        for (const fill of [paper, colour]) { canvas.fillStyle = fill; canvas.fillRect(0, 0, 1, 1); }
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((v) =>
          v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const edges = ['stTextInputRootElement', 'stRadioOption] > div > div:first-child',
        'stBaseButton-secondaryFormSubmit'];
      return edges.map((id) => {
        const edge = document.querySelector(`[data-testid=stForm] [data-testid=${id.includes(']') ? id : id + ']'}`);
        const [a, b] = [luminance(getComputedStyle(edge).borderTopColor), luminance(paper)].sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05);
      });
    }"""
    )
    assert min(contrasts) >= 3, contrasts
