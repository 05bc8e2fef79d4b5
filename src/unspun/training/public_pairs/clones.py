"""Files of public repositories, read from local clones at fixed commits."""

from __future__ import annotations

import re
import subprocess
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
}


def read_from(clones: Path) -> Read:
    """Return a reader of the files of local clones at the commits of `COMMITS`.

    Clones are laid out as ``owner/name`` in a folder.
    """

    def read(repository: str, path: str) -> bytes:
        command = ["git", "-C", str(clones / repository), "show", f"{COMMITS[repository]}:{path}"]
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
