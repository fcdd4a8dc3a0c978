"""What every page of a journey owes to whoever opens it, and pictures to judge it by."""

from collections.abc import Callable

from playwright.sync_api import ConsoleMessage, Page

from tests.support.browser import axe, screenshot

NARROWEST = 320
# A page refused with its reasons is an answer, which Chromium also writes to its console.
REFUSED = tuple(
    f"the server responded with a status of {status}" for status in (404, 409, 410, 422)
)
MOST_TABS = 60


class Watched:
    """A page whose complaints are kept: console errors, refused scripts and styles, exceptions."""

    def __init__(self, page: Page, who: str) -> None:
        self.page, self.who = page, who
        self.complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in REFUSED):
            place = message.location
            self.complaints.append(
                f"{message.text} ({place['url']}:{place['lineNumber']}:{place['columnNumber']})"
            )

    def look(self, name: str, *, narrow: bool = False) -> None:
        """Axe, no sideways scroll, a silent console, one picture; `narrow` checks 320 px too."""
        axe(self.page)
        self.holds_in_width(name)
        screenshot(self.page, f"journey-{name}")
        if narrow:
            self._look_narrow(name)
        assert self.complaints == [], f"{name} ({self.page.url}) : {self.complaints}"

    def holds_in_width(self, name: str) -> None:
        width = self.page.evaluate("window.innerWidth")
        wide = self.page.evaluate(TOO_WIDE)
        scroll = self.page.evaluate("document.documentElement.scrollWidth")
        assert scroll <= width, f"{name} : {scroll} px pour {width}, à cause de {wide}"

    def _look_narrow(self, name: str) -> None:
        usual = self.page.viewport_size
        assert usual is not None
        self.page.set_viewport_size({"width": NARROWEST, "height": 800})
        self.holds_in_width(f"{name} à {NARROWEST} px")
        screenshot(self.page, f"journey-{name}-{NARROWEST}")
        self.page.set_viewport_size(usual)

    def reach_with_keyboard(self, name: str) -> None:
        """Tab alone leads to the button or link of that name, and one sees where one is."""
        self.page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(FOCUSED, name):
                assert self.page.evaluate(OUTLINED), f"« {name} » : le focus ne se voit pas"
                return
        raise AssertionError(f"« {name} » ne s’atteint pas au clavier ({self.page.url})")


TOO_WIDE = """() => [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)
    .slice(0, 3).map(e => e.outerHTML.slice(0, 90))"""
FOCUSED = "name => document.activeElement.innerText?.trim().startsWith(name)"
OUTLINED = """() => {
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
}"""

Opens = Callable[..., Watched]
