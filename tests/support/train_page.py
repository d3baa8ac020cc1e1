"""The Train page in a browser: choosing backends and epochs, and starting."""

from tests.support.browser import wait_idle


def train(page, backends: tuple[str, ...], epochs: int) -> None:
    """Tick exactly these backends and start training."""
    for name in ("NumPy reference", "PyTorch", "TensorFlow"):
        box = page.get_by_role("checkbox", name=name)
        if box.is_checked() != (name in backends):
            page.locator("label", has_text=name).click()
            wait_idle(page)
    field = page.get_by_role("textbox", name="Epochs", exact=True)
    field.fill(str(epochs))
    field.press("Enter")
    wait_idle(page)
    page.get_by_role("button", name="Start training", exact=True).click()
