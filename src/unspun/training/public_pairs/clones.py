"""Files of public repositories, read from local clones at fixed commits."""

from __future__ import annotations

import io
import json
import re
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from unspun.errors import InputError

Read = Callable[[str, str], bytes]
"""From a repository and the path of a file in it to what the file holds."""

WMT21, WMT23 = "wmt-conference/wmt21-news-systems", "wmt-conference/wmt23-news-systems"
NMT_BT, GITA, QURAN = "facebookresearch/evaluation-of-nmt-bt", "gita/gita", "QuranX/QuranX"
ASSET, TURK, PLAYS = "facebookresearch/asset", "cocoxu/simplification", "cocoxu/Shakespeare"
COUNSEL, ASSISTANTS = "nbertagnolli/counsel-chat", "tatsu-lab/alpaca_eval"
ESSAYS, BEGINNINGS = "ryuryukke/OUTFOX", "baoguangsheng/fast-detect-gpt"
REVISIONS, RESTYLED = "Jiaqi-Chen-00/ImBD", "jiayingwu19/SheepDog"
DOMAINS, TITLES, HUMANIZED = "ranhli/l2r_data", "LorenzM97/human-AI-generatedTextCorpus", "baoguangsheng/truth-mirror"
COAUTHORED, ABSTRACTS = "Dongping-Chen/MixSet", "FreedomIntelligence/ChatGPT-Detection-PR-HPPT"
CONTRARIES, CORRECTIONS = "acmi-lab/counterfactually-augmented-data", "keisks/jfleg"
POSTEDITS = "sheffieldnlp/mlqe-pe"
TAO, TALKS, NEWS_POSTEDITS = "updownupdown/tao", "google/wmt-mqm-human-evaluation", "antot/posteditese_mtsummit19"
PROOFREAD, CONTINUED = "grammarly/GMEG", "ColinLu50/Evade-GPT-Detector"
ROUND_TRIPS, REVISED_NEWS = "amr-mohamedd/LLM-as-a-Broken-Telephone", "HSM316/LLM_Wikipedia"
ROMANS, QUIXOTE = "PerseusDL/canonical-latinLit", "ccaballeroh/Translator-Attribution"
PRINCE, KURAL = "ec2nd/The-Living-and-Dead-Prince", "tk120404/thirukkural"
LEARNERS, WEBSITES = "Geethu-b/ANLP-Grammatical-Error-Correction", "SimonHFL/CWEB"
LOCALISED, SERVICE_MANUAL = "MicrosoftTranslator/NTREX", "alphagov/government-service-design-manual"
CONTENT_GUIDE, PLAYBOOK = "18F/content-guide", "usds/playbook"
POLICIES, LEGAL_DOCS = "basecamp/policies", "mozilla/legal-docs"
SITE_POLICY, LEGALMATTIC = "github/site-policy", "Automattic/legalmattic"
DEBATES, TASKS = "sherbold/chatgpt-student-essay-study", "nd-hal/automated-ML-scoring-versus-generation"
PLOTS = "salesforce/creativity_eval"
ITERATED, NOVELS = "razon1494/Analysis-of-Human-vs.-LLM-Generated-Text", "LeiLiLab/DE-COP"
CHAINS, PAPERS = "jeremyperez2/TelephoneGameLLM", "TimVSu/Llama-Openreviewer-Paraphrasing-Attack"
TRANSLATED_PAGES = "ArijanaBrlek/PlagiarismDetection"
WEB_PAGES, ABSTRACTS_REWRITTEN = (
    "SecureDL/xlingual_watermark_eval",
    "DmytroYolkin/modern-AI-detection-trends-comparison",
)
IN_ORDER, ENGINE_OUTPUTS = "wxjiao/Is-ChatGPT-A-Good-Translator", "rbawden/mt-bigscience"
REVIEWS = "melissaselamet/Evaluating_the_Robustness_of_Deception_Classifiers_Under_Meaning_Preserving_Paraphrases"
NEUTRAL_TALES, ENTRIES = "nathanjh-28/writing-style-transfer-nlp-project", "gerritq/WETBench"
READABILITY, EXAM_TEXTS = "imperialite/tsar-2025-shared-task", "wz335-code/6600-Final-Project"
DIPPED_ESSAYS = "lukasgehring/Assessing-LLM-Text-Detection-in-Educational-Contexts"
DRAFTS, IMITATED_DRAFTS = "ctbaumler/personal_style_postedit", "akmaier/personal_style_postedit"
FLUENT, EXAM_SCRIPTS, ENCHIRIDION = "keisks/reassess-gec", "Tianxu-Jia/LM-GEC", "mikepierce/enchiridion"
ABRIDGED = "roemmele/AbLit"
PLAIN_ABSTRACTS = "ussruthilaya-lang/Operation-aware-biomedical-text-simplification"
COMMITS = {
    WMT21: "f41750dadbf2ba6ab01ca5380347d253298a3427",
    WMT23: "99b5b9de2a535c2c5542fd4ec404682903299894",
    NMT_BT: "f51e67e08990ee756d5ca8c9df64a3a091b384f7",
    GITA: "c6fce39595445768876ddbb8d1268a9c935e1d2b",
    QURAN: "d37742b6a466e6ba1e6cd4e07b574d3cb43d260e",
    ASSET: "9d659040d0d8942dbc4cd65cf357563b43fd9ab4",
    TURK: "35570464faa28f8f64d75e1c35b6770048e04adc",
    PLAYS: "ced63d473620e0f301ff87fbe14bdd99d5d9b2c4",
    COUNSEL: "e202e19c5002482f4f6631af754c276dd9adf7f2",
    ASSISTANTS: "cd543a149df89434d8a54582c0151c0b945c3d20",
    ESSAYS: "80275f576058cbeca7f2edcb02ced5750b95a63f",
    BEGINNINGS: "971b05202bac2bb504d60c0ac0812fea7a8f7c82",
    REVISIONS: "ef0ad54b84989c7a5ef7d119dd40d93ce0675db4",
    RESTYLED: "fe3c2e6fff01b9abcf51810e8c2885e9201d9e24",
    DOMAINS: "2e0f258faa442b26ff3d28aeddcb13323b6496e3",
    TITLES: "c83a9c6efab8d49661f474ad04bd45895eb159b8",
    HUMANIZED: "3adce1bb596be8eada8b81c38e940cea8b21f8ae",
    COAUTHORED: "f37eea51fcb7fd490391431c52adf79848cb1e89",
    ABSTRACTS: "272f9d8385764e65212ec808b9a264a52bfef5d5",
    CONTRARIES: "6f232a1d2a11462a30ce08fb4825b734ab30828e",
    CORRECTIONS: "ee06ff806a208aba815ac45313f4e750a48330a5",
    POSTEDITS: "2a670a1140416cf80507b5a829659383c878feb8",
    TAO: "8df20ba83e75ced6cb3a8ad290f094393f03d26f",
    TALKS: "7fadea281aff8db61cc72fc3d469a4dca78b82a6",
    NEWS_POSTEDITS: "b344d9134c749fab8681928da49f4894cf1fb696",
    PROOFREAD: "83be7cd0a94f6986028bd60ca7fa2c8ba036ad3b",
    CONTINUED: "dea56350c43d8639f0b1bc9b5144164ccee0e2f0",
    ROUND_TRIPS: "6cd2f0653e9674cbe40684c4eb53f000b73aac0d",
    REVISED_NEWS: "df3d63b0303c9b0e1b5a9b3c6368dea71b709db3",
    ROMANS: "422896dde7f07509f151d18bb5fe351b77458748",
    QUIXOTE: "7805059ce844c9ffa2d69ad0fedaa070f4a1f5c6",
    PRINCE: "736f20d32b5c7159452a2bb7df495cf41804829a",
    KURAL: "40db0c31c6d92a98a1e558f4edf427341810d61a",
    LEARNERS: "b2aa0cf5b092923df72015e8413ad030eecdd855",
    WEBSITES: "08d1da0ff2b78885b1f060b4fa11460a98eb9218",
    LOCALISED: "8561f6a622db9edad1217683e5c83daefd8bb2bf",
    SERVICE_MANUAL: "4efa105e0dde7beb862f99253f118e140da8d487",
    CONTENT_GUIDE: "1b1723d3d5b8f91d92c16487c88b56265dc0ec3a",
    PLAYBOOK: "50523b853eb69764e61088d1839bd916f97e457d",
    POLICIES: "d39f6f17bbd90d82b1df9fa7a0df845edd487de0",
    LEGAL_DOCS: "f098c17556ff822c17f4b6bd591c9b459be2f183",
    SITE_POLICY: "12992597c5d9d8cfc006693c54b9609d9993bc99",
    LEGALMATTIC: "2f412dc4995bbec73504d077a04198a94ddd3c90",
    DEBATES: "4cef7af330823961ee65c1a5ff49df17624a51ab",
    TASKS: "d4b46d5d1d07ac6e3836409922153a502c267b3c",
    PLOTS: "fced0ab2d3068244152d1302a8bd8e9f538440f5",
    ITERATED: "a014c01cf99ea1462374e74c62956bd21f48e94e",
    NOVELS: "f9e9e54c37c5ac993281ac09c07aa721758e6500",
    CHAINS: "1b43c3d4c11922e8e4308cf95d1318882ea7e1cd",
    PAPERS: "0393b23289fd5e1b096eff91d9ec9e4fb6ad3a43",
    TRANSLATED_PAGES: "2d0723c4ff34230bb518c16331cfa1e1b7688103",
    DIPPED_ESSAYS: "fa9d23823b064bfe22034ffc8f685504ef0ff791",
    IN_ORDER: "292171f3718a08648b51224f9d2036c7f1f1ba83",
    ENGINE_OUTPUTS: "8eb1fe4d5884c243e55dc417291510ba4fafe1f4",
    WEB_PAGES: "3223afddf12c7ed2e978876bb7d7e4e8054353f9",
    ABSTRACTS_REWRITTEN: "69357930c627df3fda2b99cbf437f9a82b2922b0",
    REVIEWS: "686f73748872b4b356c52111e378aaa2f8ebe49b",
    NEUTRAL_TALES: "4c7aee399cc6b3db9cc74510086161e11d3866f8",
    ENTRIES: "c7670caf5b8659652fa54a8eebc9cc7e7d9e3cc5",
    EXAM_TEXTS: "8c58fdf7758fe69004838f30a68c70d94832250a",
    READABILITY: "0ddceeb3f9d335d087b1a6c69658738ae59d9e13",
    DRAFTS: "53a5d269292830011f33155dbdca3fdd035802d6",
    IMITATED_DRAFTS: "6f9477afb535cc541e9cd6cd05b47c5818b4c8b4",
    FLUENT: "054786a923b2635ce33240c580d18c908c9a49a9",
    EXAM_SCRIPTS: "b3f9bd215f257608ba4267716466baedabe2d5e9",
    PLAIN_ABSTRACTS: "02d0d930d5f9180cdacf4e907afa6cc41e9c416d",
    ABRIDGED: "0c34ba7cf933428651e47f92d564c4a8fa3584c7",
    ENCHIRIDION: "15d785dea7e6ba96f3a3ed3699d584c88ffd5c18",
}


_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_from(clones: Path) -> Read:
    """Return a reader of the files of local clones at the commits of `COMMITS`.

    Clones are laid out as ``owner/name`` in a folder. A path may begin with another commit and a colon.
    """

    def read(repository: str, path: str) -> bytes:
        commit, _, file = path.rpartition(":")
        command = ["git", "-C", str(clones / repository), "show", f"{commit or COMMITS[repository]}:{file}"]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode:
            reason = done.stderr.decode(errors="replace").strip()
            raise InputError(f"cannot read {repository} ({reason})", clones / repository, "clone it there from GitHub")
        return done.stdout

    return read


def text_of(read: Read, repository: str, path: str) -> str:
    """Return a file as text, without a byte order mark.

    What is no UTF-8 in it becomes U+FFFD.

    Parameters
    ----------
    read : callable
        Returns the bytes of a file of a repository.
    repository : str
        Owner and name.
    path : str
        The file in it.

    Returns
    -------
    str
        The text.
    """
    return read(repository, path).decode("utf-8-sig", "replace")


def rows_of(read: Read, repository: str, path: str) -> list[dict[str, str]]:
    """Return the rows of a file of JSON lines.

    Parameters
    ----------
    read : callable
        Returns the bytes of a file of a repository.
    repository : str
        Owner and name.
    path : str
        The file in it.

    Returns
    -------
    list of dict of str
        A row a line.
    """
    return [json.loads(line) for line in text_of(read, repository, path).split("\n") if line.strip()]


def sheet_rows(data: bytes) -> list[dict[str, str]]:
    """Return the rows of a workbook's first sheet.

    Each cell is under the letters of its column.

    Parameters
    ----------
    data : bytes
        An Office Open XML workbook.

    Returns
    -------
    list of dict of str
        Empty cells are left out.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        strings = []
        if "xl/sharedStrings.xml" in book.namelist():
            shared = ET.fromstring(book.read("xl/sharedStrings.xml"))
            strings = [_cell_text(item) for item in shared.iter(f"{_SHEET}si")]
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    return [_cells(row, strings) for row in sheet.iter(f"{_SHEET}row")]


def _cells(row: ET.Element, strings: list[str]) -> dict[str, str]:
    found = {}
    for cell in row.iter(f"{_SHEET}c"):
        column, value = re.sub(r"\d", "", cell.get("r", "")), cell.find(f"{_SHEET}v")
        if cell.get("t") == "inlineStr":
            found[column] = _cell_text(cell)
        elif value is not None and value.text:
            found[column] = strings[int(value.text)] if cell.get("t") == "s" else value.text
    return found


def _cell_text(element: ET.Element) -> str:
    return "".join(part.text or "" for part in element.iter(f"{_SHEET}t"))


def untokenised(text: str) -> str:
    """Return a sentence with the blanks that were put around its marks taken out.

    >>> untokenised("He came -LRB- late -RRB- , did n't he ?")
    "He came (late), didn't he?"
    """
    for mark, plain in (("-LRB-", "("), ("-RRB-", ")"), ("``", '"'), ("''", '"')):
        text = text.replace(mark, plain)
    text = re.sub(r"\s+([.,;:!?%)\]])", r"\1", text)
    return re.sub(r"\s+('s|'re|'ve|'ll|'d|'m|n't)\b", r"\1", re.sub(r"([(\[$])\s+", r"\1", text))


def stretches(n_words: Sequence[int], sizes: Iterable[int]) -> Iterator[tuple[int, int, int]]:
    """Yield runs of sentences that make texts of given sizes, one after another.

    Parameters
    ----------
    n_words : sequence of int
        Words of every sentence.
    sizes : iterable of int
        Words of the texts; one is taken for each, and the last text may be shorter.

    Yields
    ------
    start, stop, size : int
        A half-open range of sentences, and the size it was made for.

    Examples
    --------
    >>> list(stretches([3, 4, 5, 2], [6, 6]))
    [(0, 2, 6), (2, 4, 6)]
    """
    wanted, start = iter(sizes), 0
    while start < len(n_words):
        size, stop, words = next(wanted), start, 0
        while stop < len(n_words) and words < size:
            words += n_words[stop]
            stop += 1
        yield start, stop, size
        start = stop
