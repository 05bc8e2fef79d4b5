"""Make pairs of texts and what models made of them.

Each maker holds a kind or two: passages of novels, entries of an encyclopedia, papers by sentences, and chains in
which a model rephrases its own rephrasing.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import count, product

from unspun.io.labels import SPUN
from unspun.training.public_pairs.clones import (
    CHAINS,
    ITERATED,
    NOVELS,
    PAPERS,
    Read,
    sheet_rows,
    stretches,
    text_of,
)
from unspun.training.public_pairs.rewrites import labelled_pair

_PARAPHRASERS = {"": "Llama-3.1-8B", "_mistral": "Mistral-7B", "_nllb": "NLLB-200 through French"}
_TRIP_LENGTHS = (0.75, 1.4)
# Books whose passages kept their apostrophes.
_SINCE_2023 = (
    "In_the_Silence_of_Decay_-_Lisa_Boyle Technically_Yours_-_Denise_Williams The_Fake_Mate_-_Lana_Ferguson "
    "The_Fairytale_Life_of_Dorothy_Gale_-_Virginia_Kantra The_Paris_Housekeeper_-_Renee_Ryan "
    "The_Wildest_Sun_A_Novel_-_Asha_Lemmie Two_Dead_Wives_-_Adele_Parks"
).split()
_BEFORE = (
    "A_Game_of_Thrones_-_George_R._R._Martin Black_Beauty_-_Anna_Sewell Breaking_Dawn_-_Stephenie_Meyer "
    "Catch_22_-_Joseph_Heller Emma_-_Jane_Austen Fifty_Shades_Darker_-_E_L_James "
    "Five_On_A_Treasure_Island_-_Enid_Blyton Gone_Girl_-_Gillian_Flynn "
    "Harry_Potter_and_the_Goblet_of_Fire_-_JK_Rowling Hunger_Games_Catching_Fire_-_Suzanne_Collins "
    "Little_Women_-_Louisa_May_Alcott Lust_for_Life_-_Irving_Stone Me_Before_You_-_Jojo_Moyes "
    "Origin_-_Dan_Brown Shogun_-_James_Clavell The_Boy_In_The_Striped_Pajamas_-_John_Boyne "
    "The_Catcher_in_the_Rye_-_J_D_Salinger The_Chronicles_of_Narnia_Prince_Caspian_-_C_S_Lewis "
    "The_Girl_on_the_Train_-_Paula_Hawkins The_Great_Gatsby_-_F_Scott_Fitzgerald The_Outsiders_-_S_E_Hinton "
    "The_Secret_Diary_of_Adrian_Mole_-_Sue_Townsend Their_Eyes_Were_Watching_God_-_Zora_Neale_Hurston "
    "Things_Fall_Apart_-_Chinua_Achebe To_Kill_a_Mockingbird_-_Harper_Lee "
    "Treasure_Island_-_Robert_Louis_Stevenson"
).split()
_BOOKS = [*(f"Clean/{book}" for book in _SINCE_2023), *(f"Suspect/{book}" for book in _BEFORE)]
_PASSAGES = 9
_CHAINED_BY = (
    "Meta-Llama-3-70B-Instruct Meta-Llama-3-8B-Instruct Mistral-7B-Instruct-v0.2 Mixtral-8x7B-Instruct-v0.1 "
    "gpt-3.5-turbo-0125"
).split()
_CHAINS = (
    "Difficulty11.57 Difficulty14.78 Difficulty22.9 Difficulty24.83 Difficulty32.24 Length1635.0 Length2752.0 "
    "Length3869.0 Length4986.0 Length518.0 Positivity-0.0653 Positivity-0.5106 Positivity-0.9738 Positivity0.5994 "
    "Positivity0.9019 Toxicity0.00113261 Toxicity0.1864273 Toxicity0.46547398 Toxicity0.8434329"
).split()
_SEEDS, _FURTHER = range(1, 6), (1, 2, 4, 8)
_PAPERS, _SIZES, _VERSIONS = ("435", "768"), (120, 200, 300), range(1, 5)


def paraphrased_pairs(read: Read) -> Iterator[dict[str, str]]:
    """Yield the pairs, labelled, in a fixed order.

    Parameters
    ----------
    read : callable
        Returns a file of a repository.
    """
    yield from _iterated(read)
    yield from _novels(read)
    yield from _chains(read)
    yield from _papers(read)


def _iterated(read: Read) -> Iterator[dict[str, str]]:
    """Yield entries by people and by a model beside themselves as models rephrased them, once and twice."""
    sources = _texts(read, "data/p0/p0.jsonl")
    for (suffix, model), times in product(_PARAPHRASERS.items(), "12"):
        for name, suspect in _texts(read, f"data/p{times}/p{times}_test{suffix}.jsonl").items():
            source = sources.get(name, "")
            trip = suffix == "_nllb"
            if not trip or _TRIP_LENGTHS[0] < len(suspect.split()) / max(1, len(source.split())) < _TRIP_LENGTHS[1]:
                kind = ("backtranslation", model) if trip else ("llm", f"{model}, told to paraphrase")
                tool = f"{kind[1]}, {'twice' if times == '2' else 'once'}"
                number = f"{model.split()[0]}-{times}"
                yield from labelled_pair(name, number, source, suspect, SPUN, kind[0], tool, "iterated_paraphrases")


def _texts(read: Read, path: str) -> dict[str, str]:
    rows = map(json.loads, text_of(read, ITERATED, path).splitlines())
    return {row["id"]: row["text"] for row in rows}


def _novels(read: Read) -> Iterator[dict[str, str]]:
    """Yield passages of novels beside one of three paraphrases of each."""
    for book in _BOOKS:
        data = read(NOVELS, f"BookTection-128_Results/DE-COP/{book}_Paraphrases_Oversampling.xlsx")
        passages = {row[row["E"]]: row for row in sheet_rows(data) if row.get("E") in {*"ABCD"}}
        for number, (source, row) in enumerate(list(passages.items())[:_PASSAGES]):
            others = [row[side] for side in "ABCD" if side != row["E"] and row.get(side)]
            if others:
                suspect = random.Random(f"{book} {number}").choice(others)
                labels = (SPUN, "llm", "a language model, told to paraphrase", "book_paraphrases")
                yield from labelled_pair(f"{book.partition('/')[2]}-{number}", "0", source, suspect, *labels)


def _chains(read: Read) -> Iterator[dict[str, str]]:
    """Yield texts beside a model's rephrasing, and this one beside what the same model made of it in some steps."""
    for chain, model in product(_CHAINS, _CHAINED_BY):
        rng = random.Random(f"{chain} {model}")
        path = f"Results/{model}/rephrase/{chain}/seed_{rng.choice(_SEEDS)}/output0.json"
        run = json.loads(text_of(read, CHAINS, path))
        first = run["initial_story"]
        steps = [step[0] if isinstance(step, list) else step for step in run["stories"]]
        if len(steps) == 1:
            steps = run["stories"][0]
        further = rng.choice(_FURTHER)
        made = [("1", first if isinstance(first, str) else first[0], steps[0], "once")]
        if len(steps) > further:
            made.append((f"further-{further}", steps[0], steps[further], f"{further} times more"))
        for number, source, suspect, times in made:
            if len(suspect.split()) > 0.2 * len(source.split()):
                labels = (SPUN, "llm", f"{model}, told to rephrase, {times}", "rephrased_chains")
                yield from labelled_pair(chain, f"{model}-{number}", source, suspect, *labels)


def _papers(read: Read) -> Iterator[dict[str, str]]:
    """Yield papers' sentences, put together, beside themselves as a model paraphrased each."""
    for paper in _PAPERS:
        table = text_of(read, PAPERS, f"data/paraphrases/{paper}_paper_paraphrases_80_3.tsv").splitlines()[1:]
        rows = [[cell.strip().strip('"') for cell in line.split("\t")] for line in table]
        rows = [row for row in rows if len(row) > 4 and all(len(cell.split()) > 4 for cell in row[:5])]
        rng = random.Random(paper)
        for start, stop, _ in stretches([len(row[0].split()) for row in rows], (rng.choice(_SIZES) for _ in count())):
            for version in rng.sample(_VERSIONS, 2):
                sides = [" ".join(row[side] for row in rows[start:stop]) for side in (0, version)]
                labels = (SPUN, "llm", "a language model, told to paraphrase each sentence", "paper_paraphrases")
                yield from labelled_pair(f"paper-{paper}", f"{start}-{version}", sides[0], sides[1], *labels)
