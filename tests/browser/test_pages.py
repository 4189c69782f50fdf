"""Pages in a real browser: they fit phone, laptop and paper, and nobody is kept out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chromium import AXE, asked, needs_axe, needs_chromium, run_chromium
from tests.cli.conftest import LEVELS
from tests.conftest import CONFIG, Shell, set_clean_environment

PAGES = ("lead", "agent", "reports")
DARK = "--blink-settings=preferredColorScheme=0"
LIGHT = "--blink-settings=preferredColorScheme=1"
HOSTILE = (
    "<script>document.title = 'taken'</script>",
    '"><img src=x onerror="document.title=1">',
    "javascript:alert(1) {{ 7 * 7 }} {% for %}",
    "\u202egnp.exe \u2066 a very long word: " + "W" * 150,
)

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder with the pages of a small help desk, whose texts are hostile."""
    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        set_clean_environment(patch, folder / "home")
        desk = Shell(folder / "hd", patch)
        desk.folder.mkdir()
        (desk.folder / "config.yaml").write_text(CONFIG + LEVELS)
        desk.git("init", "--quiet")
        desk.git("add", ".")
        desk.git("commit", "--quiet", "-m", "config")
        _work(desk)
        desk("dashboard", "--html", str(folder / "lead.html"))
        desk("dashboard", "--agent", "ana", "--html", str(folder / "agent.html"))
        desk(
            *("report", "--since", "2026-11-01", "--compare", "previous"),
            *("--html", str(folder / "reports.html")),
        )
    yield folder


def _work(desk: Shell) -> None:
    categories = ("hardware", "hardware/printer", "network", "software")
    for number in range(24):
        title = HOSTILE[number % 8] if number % 8 < len(HOSTILE) else f"Printer {number} jams"
        at = f"2026-11-{2 + number % 20:02d}T{7 + number % 12:02d}"
        ticket = desk.id(
            *("new", title, "-r", f"bob{number % 3}@acme.example", "-p", f"P{1 + number % 4}"),
            *("-c", categories[number % 4], "--company", HOSTILE[number % 4][:60]),
            now=f"{at}:10:00Z",
        )
        if number % 3:
            desk("take", ticket, user=("ana", "luis")[number % 2], now=f"{at}:20:00Z")
        if number % 4 == 1:
            desk("resolve", ticket, "-m", "Done.", now=f"{at}:40:00Z")
            desk("rate", ticket, str(1 + number % 5), user=f"bob{number % 3}@acme.example")


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_the_screen(folder: Path, name: str, width: int) -> None:
    question = """
    const room = page.documentElement.clientWidth;
    const beyond = [...page.querySelectorAll('body *')].filter((each) =>
      !each.closest('.scroll, .hidden, caption, .skip, thead') && each.getClientRects().length &&
      each.getBoundingClientRect().right > room + 1);
    return {width: page.documentElement.scrollWidth, room,
            beyond: beyond.slice(0, 5).map((each) => each.outerHTML.slice(0, 200))};
    """
    found = asked(folder, folder / f"{name}.html", question, width)
    assert found == {"width": width, "room": width, "beyond": []}


@pytest.mark.parametrize("name", PAGES)
def test_texts_are_inert_and_every_link_leads_somewhere(folder: Path, name: str) -> None:
    question = """
    const links = [...page.querySelectorAll('a')].map((each) => each.getAttribute('href'));
    return {title: page.title, images: page.images.length,
            scripts: page.scripts.length, own: view.getComputedStyle(page.body).margin,
            lost: links.filter((each) => each[0] !== '#' || !page.getElementById(each.slice(1))),
            doubled: [...page.querySelectorAll('[id]')].map((each) => each.id)
              .filter((id, place, ids) => ids.indexOf(id) !== place)};
    """
    found = asked(folder, folder / f"{name}.html", question, 1280)
    assert found["title"].endswith(" - ACME IT")
    assert (found["images"], found["scripts"], found["own"]) == (0, 1, "0px")
    assert (found["lost"], found["doubled"]) == ([], [])


def test_tables_are_sorted_where_scripts_run(folder: Path) -> None:
    question = """
    const table = page.querySelector('#backlog table');
    const column = () => [...table.tBodies[0].rows].map((row) => row.cells[2].textContent);
    const button = table.tHead.rows[0].cells[2].querySelector('button');
    button.click(); const up = column(); button.click();
    return [up, column(), table.tHead.rows[0].cells[2].getAttribute('aria-sort')];
    """
    up, down, told = asked(folder, folder / "lead.html", question, 1280)
    assert told == "descending"
    assert up[-1] == down[-1] == str(sum(map(int, up[:-1])))  # the row of all stays where it is
    assert [*map(int, up[:-1])] == sorted(map(int, up[:-1])) == [*map(int, reversed(down[:-1]))]


@needs_axe
@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_kept_out(folder: Path, name: str, width: int, scheme: str) -> None:
    assert AXE is not None
    page = folder / f"{name}-axe.html"
    text = (folder / f"{name}.html").read_text()
    policy = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
    page.write_text(
        policy.sub("", text).replace("</body>", f'<script src="{AXE.as_uri()}"></script></body>')
    )
    question = """
    const found = await view.axe.run(page, {resultTypes: ['violations']});
    return {dark: view.matchMedia('(prefers-color-scheme: dark)').matches,
            rules: found.passes.length,
            wrong: found.violations.map((each) => [each.id, each.nodes.length,
              each.nodes[0].html.slice(0, 300), each.nodes[0].failureSummary])};
    """
    found: dict[str, Any] = asked(folder, page, question, width, scheme)
    assert found["dark"] == (scheme == DARK)
    assert found["rules"] > 15
    assert found["wrong"] == []


@pytest.mark.parametrize("name", PAGES)
def test_paper_holds_all_of_it(folder: Path, name: str) -> None:
    """What is wider than the paper would make Chromium print everything smaller."""
    paper = folder / f"{name}.pdf"
    run_chromium(
        folder,
        (folder / f"{name}.html").as_uri(),
        *("--no-pdf-header-footer", f"--print-to-pdf={paper}", DARK),
    )
    data = paper.read_bytes()
    sizes = set(re.findall(rb"/MediaBox ?\[([^\]]*)\]", data))
    assert [[round(float(each)) for each in size.split()] for size in sizes] == [[0, 0, 595, 842]]
    # A4 less the margins of the page, in pixels of CSS.
    room = round((210 - 2 * 13) * 96 / 25.4)
    styles = (folder / f"{name}.html").read_text().replace("@media print", "@media all")
    printed = folder / f"{name}-paper.html"
    printed.write_text(re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", styles))
    question = """
    const beyond = [...page.querySelectorAll('table, svg, p')].filter((each) =>
      each.getClientRects().length && each.getBoundingClientRect().right > view.innerWidth + 1);
    return [page.documentElement.scrollWidth,
            beyond.slice(0, 3).map((each) => each.outerHTML.slice(0, 200))];
    """
    assert asked(folder, printed, question, room) == [room, []]
