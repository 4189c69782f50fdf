"""A headless Chromium, and axe-core, where they are: `.ci/run` installs both where it can."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).parents[2]
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

CHROMIUM = next(filter(None, map(shutil.which, _NAMES)), "")
AXE = next(
    (
        path
        for path in (
            Path(os.environ.get("AXE_CORE", "no such file")),
            _ROOT / ".node" / "node_modules" / "axe-core" / "axe.min.js",
        )
        if path.is_file()
    ),
    None,
)

needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")
needs_axe = pytest.mark.skipif(
    AXE is None, reason="axe-core is not there: npm install --prefix .node axe-core"
)

_RESULT = re.compile(r'<pre id="result">(.*?)</pre>', re.DOTALL)


def run_chromium(folder: Path, url: str, *options: str) -> bytes:
    """Run Chromium on a page, without a network, and return its standard output."""
    done = subprocess.run(
        [
            *(CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--disable-dev-shm-usage", "--hide-scrollbars", "--force-device-scale-factor=1"),
            *("--proxy-server=127.0.0.1:9", f"--user-data-dir={folder / 'profile'}"),
            *("--allow-file-access-from-files", "--virtual-time-budget=20000"),
            *options,
            url,
        ],
        capture_output=True,
        timeout=120,
        check=True,
    )
    return done.stdout


def asked(folder: Path, page: Path, question: str, width: int, *options: str) -> Any:
    """Return what a script answers that a page was asked: `question` is its body, which returns a
    value or a promise of one, with `page` as the document. The page is shown so wide."""
    frame = folder / "frame.html"
    frame.write_text(
        f'<!doctype html><html lang="en"><title>frame</title><style>body {{ margin: 0 }} '
        f"iframe {{ border: 0; width: {width}px; height: 900px }}</style>"
        f'<iframe title="page" src="{page.as_uri()}"></iframe><script>'
        "document.querySelector('iframe').addEventListener('load', async (event) => {"
        "const view = event.target.contentWindow, page = view.document;"
        f"const answer = await (async () => {{ {question} }})();"
        "const told = document.createElement('pre'); told.id = 'result';"
        "told.textContent = JSON.stringify(answer); document.body.append(told); });"
        "</script></html>"
    )
    shown = run_chromium(folder, frame.as_uri(), "--dump-dom", *options).decode()
    found = _RESULT.search(shown)
    assert found is not None, shown[-2000:]
    return json.loads(html.unescape(found[1]))
