"""Other people's pages and archives, where they lie beside the project: bars for boilerplate, and nothing unnamed."""

import gzip
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from unspun.crawl.pages.main_text import main_text_of
from unspun.crawl.reading.formats import Found, read_source
from unspun.io.decoding import decode
from unspun.io.sources import list_sources
from unspun.io.tables import Reject

CRAWL = Path(__file__).parents[3] / "shared" / "crawl"
PAGES, ARCHIVES = CRAWL / "pages", CRAWL / "warc"
WORD = re.compile(r"\w+")
FORM_LINE = re.compile(
    r"leave a (?:reply|comment|response)\b.{0,40}|(?:post|submit|add|make|write) (?:a |your )?comment"
    r"|.*(?:email address|mail) ?\(?will not be (?:published|shared).*|.*required fields are marked.*"
    r"|(?:your )?(?:name|e-?mail|mail|website|url|comment|message)(?: address)? ?(?:\*|:|\((?:required|optional).*)?"
    r"|notify me of .*|.*rss feed for comments.*|.*trackback uri.*|.*trackback from your own site.*|no comments yet.*"
    r"|.*html tags and attributes.*|save my name.*|be the first to comment.*|.*subscribe to comments.*|cancel reply",
    re.IGNORECASE,
)
PAGE_RECORDS = (
    WarcRecordType.response,
    WarcRecordType.resource,
    WarcRecordType.conversion,
    WarcRecordType.revisit,
)

needs_pages = pytest.mark.skipif(not PAGES.exists(), reason="../shared/crawl/pages is not here")
needs_archives = pytest.mark.skipif(not ARCHIVES.exists(), reason="../shared/crawl/warc is not here")


def word_f1(found, gold):
    found, gold = (Counter(WORD.findall(text.lower())) for text in (found, gold))
    n_shared = (found & gold).total()
    return 2 * n_shared / (found.total() + gold.total()) if n_shared else float(found == gold)


@pytest.fixture(scope="module")
def pages():
    """Return what is found on every page, and what a person found."""
    index = [json.loads(line) for line in (PAGES / "index.jsonl").read_text().splitlines()]
    return [
        (
            main_text_of(decode(gzip.decompress((PAGES / row["html"]).read_bytes()))),
            (PAGES / row["gold"]).read_text(),
        )
        for row in index
    ]


@pytest.mark.slow
@needs_pages
@pytest.mark.parametrize(("part", "bar"), [(slice(None), 0.925), (slice(0, 120), 0.93), (slice(120, None), 0.915)])
def test_the_article_of_real_pages_is_found(pages, part, bar):
    scores = [word_f1(page.text, gold) for page, gold in pages[part]]
    assert sum(scores) / len(scores) >= bar


@pytest.mark.slow
@needs_pages
def test_no_line_of_a_comment_form_survives(pages):
    lines = [line.strip() for page, _ in pages for line in page.text.split("\n")]
    assert [line for line in lines if FORM_LINE.fullmatch(line)] == []


@needs_archives
def test_every_record_of_real_archives_is_read_or_named():
    n_good = 0
    for source in list_sources([ARCHIVES]):
        if source.name.endswith(".json"):
            continue
        items = list(read_source(source))
        assert items, f"{source.name} is passed over in silence"
        n_good += sum(isinstance(item, Found) for item in items)
        n_records = fastwarc_records(source.path)
        if n_records is not None:
            of_the_file = [item for item in items if isinstance(item, Reject) and item.uri == source.name]
            assert len(items) - len(of_the_file) == n_records, source.name
    assert n_good >= 134


def fastwarc_records(path):
    """Return how many pages fastwarc finds, None where it gives the file up."""
    try:
        with open(path, "rb") as file:
            return sum(record.record_type in PAGE_RECORDS for record in ArchiveIterator(file))
    except OSError:
        return None
