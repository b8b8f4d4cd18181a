"""Firefox and WebKit, driven by the standard that both speak. Only `make test-full` has what this imports."""

import os
import subprocess
from contextlib import contextmanager

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from harmreduction.engines import other_browsers as browsers

PATIENCE_S = 90
# What the tablet keeps to send; a driver takes answers by a callback alone.
UNSENT = """const done = arguments[0];
import("/static/sites/tablet/db.js").then(({db}) => db).then((base) => base.count("outbox")).then(done);"""


@contextmanager
def firefox():
    options = webdriver.FirefoxOptions()
    options.binary_location = browsers.firefox()
    options.add_argument("-headless")
    options.set_preference("intl.accept_languages", "fr-CA")
    with webdriver.Firefox(options, webdriver.FirefoxService(browsers.gecko_driver())) as driver:
        yield driver


@contextmanager
def webkit():
    options = webdriver.WebKitGTKOptions()
    options.binary_location = browsers.webkit()
    options.add_argument("--automation")
    with nobodys_display() as name:
        service = webdriver.WebKitGTKService(
            browsers.webkit_driver(), env=os.environ | {"DISPLAY": name, "GDK_BACKEND": "x11"}
        )
        with webdriver.WebKitGTK(options, service=service) as driver:
            yield driver


@contextmanager
def nobodys_display():
    told, tells = os.pipe()
    command = [browsers.display(), "-displayfd", str(tells), "-screen", "0", "1280x1024x24"]
    running = subprocess.Popen(command, pass_fds=[tells], stderr=subprocess.DEVNULL)
    os.close(tells)
    try:
        with os.fdopen(told) as number:
            yield f":{number.readline().strip()}"
    finally:
        running.terminate()
        running.wait(30)


class Hand:
    """One finger on one tablet."""

    def __init__(self, driver):
        self.driver = driver
        driver.set_window_size(1180, 900)
        driver.set_script_timeout(PATIENCE_S)

    def until(self, condition):
        return WebDriverWait(self.driver, PATIENCE_S).until(lambda _driver: condition())

    def find(self, css: str):
        return self.until(lambda: self.driver.find_elements(By.CSS_SELECTOR, css))[0]

    def tap(self, words: str, within: str = "") -> None:
        """The button of these words, as they are written on it."""
        where = f"//*[contains(@class, '{within}')]" if within else ""
        path = f"{where}//button[normalize-space()='{words}' or @aria-label='{words}']"
        self.until(lambda: [one for one in self.driver.find_elements(By.XPATH, path) if one.is_displayed()])[
            0
        ].click()

    def press(self, css: str) -> None:
        self.find(css).click()

    def wait(self, ms: int) -> None:
        self.driver.execute_async_script("setTimeout(arguments[1], arguments[0])", ms)

    def script(self, code: str):
        return self.driver.execute_script(f"return {code}")

    def reload(self) -> None:
        """As the person does it: Firefox's driver reloads past the service worker."""
        self.driver.execute_script("location.reload()")

    def unsent(self) -> int:
        return self.driver.execute_async_script(UNSENT)

    def unlock(self, pin: str) -> None:
        self.until(lambda: "Personne s01-01" in self.find(".tiles").text)
        self.press(".tiles button")
        for digit in pin:
            self.tap(digit, within="pinkeys")

    def clock(self) -> int:
        minutes, seconds = self.find(".recorder .clockface").text.split(":")
        return int(minutes) * 60 + int(seconds)
