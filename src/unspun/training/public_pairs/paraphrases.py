"""Make pairs of texts and what models made of them.

Each maker holds a kind or two: passages of novels, entries of an encyclopedia, papers by sentences, and chains in
which a model rephrases its own rephrasing.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import random
import re
from collections.abc import Iterator
from itertools import count, product

from unspun.io.labels import SPUN
from unspun.training.public_pairs.clones import (
    CHAINS,
    DIPPED_ESSAYS,
    ENTRIES,
    EXAM_TEXTS,
    ITERATED,
    NEUTRAL_TALES,
    NOVELS,
    PAPERS,
    READABILITY,
    Read,
    rows_of,
    sheet_rows,
    stretches,
    text_of,
)
from unspun.training.public_pairs.collection import drawn
from unspun.training.public_pairs.revisions import is_lead, kept_runs, without_headings
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
# By corpus and model: the files of essays to a task, and of what the model made of people's and of the other's essays.
_ESSAYS = {
    ("brat-project", "gpt-4o-mini-2024-07-18"): ("20250130074608", "20250206132946", "20250206132923"),
    ("brat-project", "llama-3.3-70b-instruct"): ("131538", "133857", "133529"),
    ("ielts", "gpt-4o-mini-2024-07-18"): ("20250220103657", "20250220103511", "20250221103134"),
    ("ielts", "llama-3.3-70b-instruct"): ("135672", "135671", "136003"),
}
_ESSAYS_EACH = {"person": 50, "model": 20, "task": 20, "two": 10}
_JOINED = re.compile(r"(?<=[a-z)][.!?])(?=[A-Z])")
# Runs of the campaign by what made them; the first two explain, and grow longer.
_EXPLAINERS = {"Claude Sonnet 4": "Archaeology/claude_sonnet_4", "a language model": "ITUNLP/itunlp"}
_GRADERS = {
    "Llama-3.1-8B": "Archaeology/llama_3.1_8b",
    "several models": "EhiMeNLP/run1",
    "Gemini": "HIT-YOU/run1_gemini_ensemble_4",
    "GPT": "HIT-YOU/run2_gpt_ensemble_4",
    "Llama-3-8B": "HULAT-UC3M/run2_llama3-8b_slightly-reinforced-prompt",
    "GPT-OSS-120B": "Uniandes/run_3",
    "Gemma-3-12B": "oneNRC/onenrc_output_run1_gemma312b_react_notool",
    "Qwen3-32B": "oneNRC/onenrc_output_run2_qwen332b_withtoolcall",
}
_MOST_GRADED = 100
_EXAM_TEXTS_EACH, _MOST_EXAM_TEXTS = 2, 400
_PROMPTS, _MOST_LEADS = ("few1", "few2", "few3", "instruct", "minimal"), 2
_NEUTRALISERS, _MOST_KEPT, _MOST_NEUTRALISED = ("gemini", "gpt", "mistral", "qwen"), 0.5, 80
_TALES, _TALE_SIZES = ("bartleby", "billy_budd", "moby_neutral_target"), (120, 200, 350)


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
    rows = rows_of(read, ITERATED, path)
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


def condensed_pairs(read: Read) -> Iterator[dict[str, str]]:
    """Yield what models told anew, labelled, in a fixed order.

    Much of it is shorter than its source.

    Parameters
    ----------
    read : callable
        Returns a file of a repository.
    """
    yield from _plain_tales(read)
    yield from _leads(read)
    yield from _neutralised(read)
    yield from _essays(read)
    yield from _graded(read)
    yield from _exam_texts(read)


def _plain_tales(read: Read) -> Iterator[dict[str, str]]:
    """Yield stories beside themselves as a model told them without their style."""
    for tale in _TALES:
        tree = ast.parse(text_of(read, NEUTRAL_TALES, f"data/{tale}.py"))
        passages = {row["id"]: row for row in (ast.literal_eval(node) for node in ast.walk(tree) if _is_row(node))}
        rows = [passages[name] for name in sorted(passages)]
        rng = random.Random(tale)
        n_words = [len(row["target"].split()) for row in rows]
        for start, stop, _ in stretches(n_words, (rng.choice(_TALE_SIZES) for _ in count())):
            sides = [
                "\n\n".join(" ".join(row[side].split()) for row in rows[start:stop]) for side in ("target", "input")
            ]
            labels = (SPUN, "llm", "ChatGPT, told to take the style away", "plain_tales")
            yield from labelled_pair(f"{tale}-{start}", "plain", sides[0], sides[1], *labels)


def _is_row(node: ast.AST) -> bool:
    return isinstance(node, ast.Dict)


def _leads(read: Read) -> Iterator[dict[str, str]]:
    """Yield entries of an encyclopedia beside leads that a model wrote of them, a prompt each of at most two."""
    made: dict[str, list[tuple[str, str, str]]] = {}
    for prompt in _PROMPTS:
        for row in rows_of(read, ENTRIES, f"summaries/ds/eval/en_sums_eval_{prompt}.jsonl"):
            made.setdefault(row["revid"], []).append((prompt, without_headings(row["src"]), row[f"mgt_{prompt}"]))
    for name, leads in made.items():
        whole = [lead for lead in leads if is_lead(*lead[1:])]
        for prompt, source, suspect in random.Random(f"lead {name}").sample(whole, min(_MOST_LEADS, len(whole))):
            labels = (SPUN, "llm", "a language model, told to write the lead of an entry", "entries_condensed")
            yield from labelled_pair(f"entry-{name}", prompt, source, suspect, *labels)


def _neutralised(read: Read) -> Iterator[dict[str, str]]:
    """Yield paragraphs of an encyclopedia beside themselves as one of four models made them neutral."""
    made: dict[str, dict[str, tuple[str, str]]] = {}
    for model in _NEUTRALISERS:
        for row in rows_of(read, ENTRIES, f"tst/ds/mgt/en_paras_mgt_few5_{model}.jsonl"):
            made.setdefault(row["revid"], {})[model] = row["src"], row["mgt"]
    pairs: list[dict[str, str]] = []
    for name, versions in made.items():
        model = random.Random(f"neutral {name}").choice(sorted(versions))
        if kept_runs(*versions[model]) < _MOST_KEPT:
            labels = (SPUN, "llm", f"{model}, told to make it neutral", "entries_neutralised")
            pairs += labelled_pair(f"paragraph-{name}", model, *versions[model], *labels)
    yield from drawn(pairs, _MOST_NEUTRALISED, "neutralised by models")


def _essays(read: Read) -> Iterator[dict[str, str]]:
    """Yield essays beside what models made of them, and beside what models wrote to the same task."""
    to_task = {key: _essay_rows(read, *key, files[0]) for key, files in _ESSAYS.items()}
    for (corpus, model), (_, of_person, of_model) in _ESSAYS.items():
        other = next(name for of, name in _ESSAYS if of == corpus and name != model)
        theirs, own = to_task[corpus, other], to_task[corpus, model]
        rewritten = (SPUN, "llm", f"{model}, told to rewrite an essay", "school_essays_rewritten")
        alike = (
            "independent",
            "same_question",
            "a person and a language model on one task",
            "school_essays_on_one_task",
        )
        kinds = {
            "person": (_sides(_essay_rows(read, corpus, model, of_person)), rewritten),
            "model": (_beside(theirs, _essay_rows(read, corpus, model, of_model)), rewritten),
            "task": (_sides(own), alike),
        }
        if model < other:
            kinds["two"] = _beside(own, theirs), (*alike[:2], "two language models on one task", alike[3])
        for kind, (essays, labels) in kinds.items():
            made: list[dict[str, str]] = []
            for name, (source, suspect) in essays.items():
                made += labelled_pair(f"{corpus}-{name}", f"{kind}-{model}", source, suspect, *labels)
            yield from drawn(made, _ESSAYS_EACH[kind] * (2 if kind == "two" else 1), f"{corpus} {model} {kind}")


def _essay_rows(read: Read, corpus: str, model: str, file: str) -> dict[str, dict[str, str]]:
    """Return essays by number, a person's and a model's each, with the blanks between paragraphs put back."""
    table = csv.DictReader(
        io.StringIO(text_of(read, DIPPED_ESSAYS, f"datasets/{corpus}/{model}/{file}/data.csv")), delimiter=";"
    )
    return {row[""]: {who: _JOINED.sub(" ", row[who].strip()) for who in ("human", "llm")} for row in table}


def _sides(rows: dict[str, dict[str, str]]) -> dict[str, tuple[str, str]]:
    return {name: (row["human"], row["llm"]) for name, row in rows.items()}


def _beside(sources: dict[str, dict[str, str]], suspects: dict[str, dict[str, str]]) -> dict[str, tuple[str, str]]:
    return {name: (sources[name]["llm"], row["llm"]) for name, row in suspects.items() if name in sources}


def _graded(read: Read) -> Iterator[dict[str, str]]:
    """Yield paragraphs for learners beside themselves as one of several models put them into plainer English."""
    originals = rows_of(read, READABILITY, "data/tsar2025_test.jsonl")
    for kind, of_kind in (("longer", _EXPLAINERS), ("shorter", _GRADERS)):
        runs = {model: _run(read, run) for model, run in of_kind.items()}
        made: list[dict[str, str]] = []
        for row in originals:
            name = row["text_id"]
            whole = sorted(model for model, run in runs.items() if run.get(name))
            for model in random.Random(f"graded {name}").sample(whole, min(1, len(whole))):
                labels = (SPUN, "llm", f"{model}, told to write for learners", "learner_texts_by_models")
                of_text = f"tsar2025test-{name.partition('-')[0]}"
                made += labelled_pair(of_text, f"{name}-{model}", row["original"], runs[model][name], *labels)
        yield from drawn(made, _MOST_GRADED, f"graded by models, {kind}")


def _run(read: Read, run: str) -> dict[str, str]:
    rows = rows_of(read, READABILITY, f"data/submissions/{run}.jsonl")
    return {row["text_id"]: row["simplified"].removeprefix("Simplified: ") for row in rows}


def _exam_texts(read: Read) -> Iterator[dict[str, str]]:
    """Yield articles of reading exams beside themselves as a model simplified them, for two levels each."""
    versions: dict[str, list[tuple[str, str]]] = {}
    for row in rows_of(read, EXAM_TEXTS, "scripts/document-level/cambridge_30Nov.jsonl"):
        task, _, source = row["input_text"].partition(": ")
        versions.setdefault(source, []).append((task, row["target_text"]))
    made: list[dict[str, str]] = []
    for number, (source, of_source) in enumerate(versions.items()):
        rng = random.Random(f"exam text {number}")
        for task, suspect in rng.sample(of_source, min(_EXAM_TEXTS_EACH, len(of_source))):
            labels = (SPUN, "llm", f"DeepSeek, told to {task}", "exam_texts_condensed")
            made += labelled_pair(f"exam-{number}", task.rpartition(" ")[2], source, suspect, *labels)
    yield from drawn(made, _MOST_EXAM_TEXTS, "exam texts")
