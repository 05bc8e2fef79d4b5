"""The benchmark of the world beyond the datasets measures what it says."""

import json

import numpy as np
import pandas as pd
import world


class Even:
    """Stands for a judge that gives every other pair a number, all of them high."""

    def scores(self, pairs):
        p_spun = [0.9 if place % 2 else np.nan for place in range(len(pairs))]
        return pd.DataFrame({"p_spun": p_spun, "abstained": ["nothing aligned"] * len(pairs)})

    def told(self, pairs):
        return int((self.scores(pairs)["p_spun"] >= world.SPUN).sum())


def test_texts_are_of_the_length_of_news_and_spread_over_the_file(tmp_path):
    path = tmp_path / "texts.jsonl"
    sizes = [5, 200, 300, 400, 5000]
    path.write_text("".join(json.dumps({"text": "word " * size}) + "\n" for size in sizes), encoding="utf-8")
    assert [len(text.split()) for text in world.read_texts(path, 2)] == [200, 400]
    assert len(world.read_texts(path, 10)) == 3


def test_every_kind_of_junk_has_a_figure():
    cells = list(world.junk(["An article.", "Another one."], Even()))
    assert len(cells) == len(list(world.lines(world.WORLD / "junk.jsonl"))) + 1
    assert (cells[0].n, cells[0].told, cells[0].share) == (4, 2, 0.5)
    assert cells[0].note == "up to 0.90, 2 told spun; nothing aligned"


def test_every_noise_and_renaming_has_a_figure():
    cells = list(world.spoiled(["The old ferry left Ostravel at 9."], Even()))
    assert len(cells) == sum(map(len, world.RATES.values())) + len(world.ANONYMISERS)
    assert set(world.RATES) == set(world.NOISES)


def test_the_table_has_a_line_a_figure_and_sums():
    cells = [world.Cell("noise", "split 1 %", 10, 1), world.Cell("noise", "glued 1 %", 10, 0, "so")]
    lines = list(world.table([*cells, *world.totals(cells)]))
    assert len(lines) == 4
    assert lines[1].split() == ["noise", "split", "1", "%", "10", "1", "10.0%"]
    assert lines[3].split() == ["noise", "all", "20", "1", "5.0%"]
