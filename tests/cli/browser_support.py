"""Chromium for tests of pages: they skip where it, Playwright or axe is missing, and fail for that where CI is set."""
import os
import shutil
import unittest

try:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import expect, sync_playwright
except ImportError:
    Axe = expect = sync_playwright = None

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MISSING = sync_playwright is None or CHROMIUM is None
PHONE = {"width": 360, "height": 740}

needs_browser = unittest.skipIf(MISSING and "CI" not in os.environ, "needs Debian's chromium and requirements-dev.txt")


def launch(playwright):
    return playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


def violations(page):
    """What axe-core finds: names and impacts."""
    return [(found["id"], found["impact"]) for found in Axe().run(page).response["violations"]]
