# SPDX-License-Identifier: Apache-2.0
"""A browser without a window, for the pictures of the documentation."""

import contextlib
import shutil
import sys


def skip(missing):
    """Ends the program as skipped."""
    print(f"{missing}: skipped")
    sys.exit(77)


@contextlib.contextmanager
def browser(size):
    """Headless Chromium with a window of (width, height)."""
    try:
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service
    except ImportError:
        skip("no python3-selenium")
    programs = [shutil.which(name) for name in ("chromium", "chromedriver")]
    if None in programs:
        skip("no chromium and chromedriver")
    options = webdriver.ChromeOptions()
    options.binary_location = programs[0]
    for argument in ("headless=new", "no-sandbox", "disable-dev-shm-usage", "use-angle=swiftshader", "enable-unsafe-swiftshader",
                     "hide-scrollbars", f"window-size={size[0]},{size[1]}"):
        options.add_argument(f"--{argument}")
    driver = webdriver.Chrome(service=Service(programs[1]), options=options)
    try:
        yield driver
    finally:
        driver.quit()
