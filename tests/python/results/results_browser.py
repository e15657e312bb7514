# SPDX-License-Identifier: Apache-2.0
"""A browser without a window for the tests of pages."""
import contextlib
import shutil
import time

import pytest

LIMIT_S = 60


def started():
    """Chromium without a window; console messages are kept."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="no python3-selenium")
    from selenium.webdriver.chrome.service import Service

    chromium, program = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not program:
        pytest.skip("no Chromium with its driver (packages chromium and chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in (
        "headless=new",
        "no-sandbox",
        "disable-dev-shm-usage",
        "use-angle=swiftshader",
        "enable-unsafe-swiftshader",
        "window-size=1280,900",
    ):
        options.add_argument(f"--{argument}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(service=Service(program), options=options)
    driver.set_script_timeout(LIMIT_S)
    return driver


def opened(browser, path):
    """Opens a page and waits until all charts that it draws itself are there; does nothing when it is open."""
    if browser.current_url == path.as_uri():
        return browser
    browser.get_log("browser")
    browser.get(path.as_uri())
    ends = time.monotonic() + LIMIT_S
    while not browser.execute_script("return document.scripts.length === 0 || document.documentElement.dataset.ready === 'yes'"):
        assert time.monotonic() < ends, browser.get_log("browser")
        time.sleep(0.05)
    return browser


@contextlib.contextmanager
def window(browser, width, height=844):
    """A window of this many pixels, below 1000 of a phone or tablet; the browser's own again when it ends."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 1000}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        assert browser.execute_script("return window.innerWidth") == width
        yield
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
