"""Chromium as the reader of pages: it opens files from the disk as a person does, and says which requests and scripts were blocked."""

from __future__ import annotations

import base64
import os
import shutil
from pathlib import Path
from typing import Any

from pypdf import PdfReader

_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def _found(*names: str) -> str:
    return next((path for name in names if (path := shutil.which(name))), "")


def missing_chromium() -> str:
    """Why no page can be opened here; empty where it can."""
    if not _found("chromium", "chromium-browser", "google-chrome"):
        return "Chromium is not installed"
    return "" if _found("chromedriver") else "ChromeDriver is not installed"


class Browser:
    """A headless Chromium with a profile of its own."""

    def __init__(self, folder: Path) -> None:
        from selenium.webdriver import Chrome, ChromeOptions
        from selenium.webdriver.chrome.service import Service

        options = ChromeOptions()
        options.binary_location = _found("chromium", "chromium-browser", "google-chrome")
        for flag in (*_FLAGS, f"--user-data-dir={folder}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self._driver = Chrome(options, Service(_found("chromedriver"), env={**os.environ, "HOME": str(folder)}))

    def open(self, page: Path, width: int = 1366, height: int = 768) -> None:
        """Open a page in a window of a size that people have; a phone's width too, which a real window cannot have."""
        self._driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )
        self._driver.get(page.as_uri())

    def run(self, script: str) -> Any:
        """What a script in the page returns."""
        return self._driver.execute_script(script)

    def type(self, field: str, text: str) -> None:
        """Clear a field, by its id, and type into it."""
        found = self._driver.find_element("id", field)
        found.clear()
        found.send_keys(text)

    def click(self, selector: str) -> None:
        self._driver.find_element("css selector", selector).click()

    def visible(self, selector: str) -> list[str]:
        """The texts of the elements that are shown."""
        return [one.text for one in self._driver.find_elements("css selector", selector) if one.is_displayed()]

    def complaints(self) -> list[str]:
        """What the browser blocked or could not run."""
        return [entry["message"] for entry in self._driver.get_log("browser")]

    def picture(self, to: Path) -> Path:
        self._driver.save_screenshot(str(to))
        return to

    def print(self, to: Path) -> PdfReader:
        """The page as it is printed."""
        printed = self._driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
        to.write_bytes(base64.b64decode(printed["data"]))
        return PdfReader(to)

    def close(self) -> None:
        self._driver.quit()
