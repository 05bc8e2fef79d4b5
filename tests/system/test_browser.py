"""Pages in a real browser: nothing on the console, nothing fetched, nothing that axe objects to, and they print.

Run by ``make test-browser``, which fetches what is needed; skipped with a word where that is absent.
"""

import io
import os
import re
import shutil
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from articles import INDEPENDENT, QUOTING_PAGE, SPUN, STORY
from pages import HOSTILE
from run_folders import CRAWL
from run_tables import REJECTS, SCORED, SITES, SWAPS, articles, scores, swaps
from web_server import port  # noqa: F401 - a fixture

from unspun.app.text_files import read_source
from unspun.evidence.explaining import explain
from unspun.io.tables import rejects_frame
from unspun.model.detector import load_detector
from unspun.reports.pages.pair_page import pair_page
from unspun.reports.pages.run_page import corpus_page
from unspun.reports.run_overview import corpus

pytestmark = pytest.mark.browser

AXE = Path(os.environ.get("UNSPUN_AXE", "build/browser/node_modules/axe-core/axe.min.js"))
CHROMIUM = os.environ.get("UNSPUN_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
# What may not stick out at the sides: everything that does not scroll in a box of its own.
STICKS_OUT = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SAMPLE_PAIR = (
    "harbour-gazette.example/flood-barrier-vote.html",
    "daily-buzz-hub.example/pilots-undermine-court-activity.html",
)
TURNED = "\n\n".join(reversed(STORY.split("\n\n")))


def pair(source, suspect, *names, **options):
    return pair_page(explain(source, suspect, load_detector()), source, suspect, *names, **options)


def run_page(extra=0):
    more = [(f"o{k}", f"s{k}", 0.5 + k / (3 * extra), 0.9) for k in range(10, 10 + extra)]
    sites = SITES | {f"{side}{k}": "more.example" for side in "os" for k in range(10, 10 + extra)}
    found = corpus(articles(sites), scores(*SCORED, *more), rejects_frame(REJECTS), swaps(*SWAPS))
    return corpus_page(found, {("o1", "s1"): "pair-0123456789abcdef.html"}, {"versions": {"unspun": "0"}})


PAGES = {
    "spun": lambda: pair(STORY, SPUN, "story.html", "spun.html"),
    "redacted": lambda: pair(STORY, SPUN, "story.html", "spun.html", redact=True),
    "quoting": lambda: pair(STORY, QUOTING_PAGE, "story.html", "quoting.html"),
    "nothing": lambda: pair(STORY, "Soup.", "story.html", "soup.html"),
    "hostile": lambda: pair(f"{STORY} {HOSTILE}", f"{SPUN} {HOSTILE} {'W' * 3000}", HOSTILE, "W" * 3000),
    "turned": lambda: pair(STORY, "\n\n".join(reversed(STORY.split("\n\n"))), actions=[("/", "Back")]),
    "honest": lambda: pair(STORY, INDEPENDENT, "story.html", "own.html"),
    "run": run_page,
    "run-hostile": lambda: run_page().replace("Title of o1", "W" * 500),
}


@pytest.fixture(scope="module")
def browser():
    sync = pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")
    if CHROMIUM is None:
        pytest.skip("there is no chromium (Debian: apt-get install chromium; or give its path as UNSPUN_CHROMIUM)")
    with sync.sync_playwright() as started:
        running = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@cache
def written(folder, name):
    path = folder / f"{name}.html"
    path.write_bytes(PAGES[name]().encode("utf-8", "replace"))
    return path.as_uri()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pages")


def opened(browser, address, width=1400, scheme="light"):
    """Return the page, and what it wrote to the console and asked for."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    return page, said, asked


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1024, 1400])
@pytest.mark.parametrize("name", PAGES)
def test_pages_are_quiet_fit_and_accessible(browser, folder, name, width, scheme):
    page, said, asked = opened(browser, written(folder, name), width, scheme)
    assert not page.evaluate(STICKS_OUT)
    if not AXE.is_file():
        pytest.skip(f"axe-core is not at {AXE}: `make test-browser` fetches it")
    # Opened, what is folded is judged as well.
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    found = page.evaluate(AXE.read_text(encoding="utf-8") + "; axe.run(document, {resultTypes: ['violations']})")
    told = [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]]
    assert (told, said, asked) == ([], [], [written(folder, name)])
    page.close()


def printed(page):
    """Return the text of every page of a PDF."""
    read = pytest.importorskip("pdfminer.high_level", reason="the extra `documents` is not installed")
    made = page.pdf(format="A4", prefer_css_page_size=True)
    # Fonts have one sign for some pairs of letters.
    return unicodedata.normalize("NFKC", read.extract_text(io.BytesIO(made))).rstrip("\f").split("\f")


def sample_pair(folder):
    """Write the page of two articles of some 650 words of the sample crawl; return its explanation and texts too."""
    texts = tuple(read_source(CRAWL / "pages" / name) for name in SAMPLE_PAIR)
    found = explain(*texts, load_detector())
    path = folder / "sample.html"
    path.write_text(pair_page(found, *texts, "source.html", "suspect.html"), encoding="utf-8")
    return path.as_uri(), found, texts


def test_a_pair_of_600_words_prints_on_five_pages_and_no_word_is_split(browser, folder):
    address, found, texts = sample_pair(folder)
    page, said, _ = opened(browser, address)
    pages = printed(page)
    assert len(pages) <= 5
    words = set(re.findall(r"[^\W\d]+", " ".join(pages)))
    for swap in found.substitutions:
        for text in (swap.source, swap.suspect):
            assert set(re.findall(r"[^\W\d]+", text)) <= words
    for row in found.rows:
        assert set(re.findall(r"[^\W\d]+", texts[0][row.source_start : row.source_end])) <= words
    left_out = " ".join(" ".join(pages).split()).count("left out of this print")
    assert left_out == page.locator("#more > details").count() == 5
    assert said == []
    page.close()


def test_numbers_of_changes_are_seen_on_hover_and_focus_and_in_print(browser, folder):
    page, _, _ = opened(browser, written(folder, "spun"))
    change = page.locator(".texts .c.sub").first
    seen = "one => getComputedStyle(one.querySelector('.k')).opacity"
    assert change.evaluate(seen) == "0"
    change.hover()
    assert change.evaluate(seen) == "1"
    page.mouse.move(0, 0)
    change.locator(".k").focus()
    assert change.evaluate(seen) == "1"
    page.emulate_media(media="print")
    assert page.locator(".texts .c.sub").nth(1).evaluate(seen) == "1"
    page.close()


@pytest.mark.parametrize("name", ["spun", "run"])
def test_pages_print(browser, folder, name):
    page, _, _ = opened(browser, written(folder, name), scheme="dark")
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('tr')).breakInside") == "avoid"
    page.close()


def test_the_keyboard_reaches_the_texts(browser, folder):
    page, _, _ = opened(browser, written(folder, "spun"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#texts")
    page.close()


def test_the_findings_page_and_filter(browser, folder):
    page, said, _ = opened(browser, _many(folder))
    shown = "[...document.querySelectorAll('#stars > li')].length"
    assert page.evaluate(shown) == 50
    assert "sources 1 to 50 of 122" in page.inner_text("#state")
    page.click("#next")
    assert "sources 51 to 100 of 122" in page.inner_text("#state")
    page.fill("#words", "title of s1 spun.example")
    assert "1 to 1 of 1" in page.inner_text("#state")
    page.fill("#words", "nowhere to be found")
    assert page.inner_text("#state") == "No finding matches."
    page.fill("#words", "")
    page.select_option("#least", "0.95")
    assert "of 2" in page.inner_text("#state")
    page.select_option("#least", "0")
    last = page.evaluate("document.querySelectorAll('#stars li[id]').length && 123")
    page.evaluate(f"location.hash = '#f{last}'")
    page.wait_for_selector(f"#f{last}", state="visible")
    assert said == []
    page.close()


@cache
def _many(folder):
    path = folder / "many.html"
    path.write_text(run_page(120), encoding="utf-8")
    return path.as_uri()


def work_of(browser, address):
    """Return the seconds that a page keeps the processor busy until it stands."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    asked = page.context.new_cdp_session(page)
    # Of the thread alone: other programs may be running.
    asked.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(address)
    page.wait_for_timeout(200)
    metrics = {one["name"]: one["value"] for one in asked.send("Performance.getMetrics")["metrics"]}
    page.close()
    return metrics["TaskDuration"]


def test_pages_stand_in_time(browser, folder):
    address, *_ = sample_pair(folder)
    assert work_of(browser, address) < 0.2
    path = folder / "large.html"
    path.write_text(run_page(4_900), encoding="utf-8")
    assert path.stat().st_size < 3_000_000
    assert work_of(browser, path.as_uri()) < 2


def test_the_form_makes_a_page_that_can_be_kept(browser, port):
    page, said, asked = opened(browser, f"http://127.0.0.1:{port}/")
    assert not page.evaluate(STICKS_OUT)
    page.fill("#source", "One text.")
    page.fill("#suspect", "Another text.")
    page.click("button[type=submit]")
    assert "/pair/" in page.url
    assert "One text." in page.inner_text("body")
    assert said == []
    assert {address.split("/")[2] for address in asked} == {f"127.0.0.1:{port}"}
    page.close()
