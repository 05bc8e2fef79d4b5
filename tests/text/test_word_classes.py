"""Test where the limits between classes of words stand."""

import numpy as np

from unspun.text.lexicon import load_lexicon
from unspun.text.word_classes import (
    KEY_NAME_SHARE,
    NAME_SHARE,
    RARE_ZIPF,
    UNCOMMON_ZIPF,
    classify_words,
    key_immutable_rows,
)

LEXICON = load_lexicon()
EVERY_WORD = np.arange(len(LEXICON), dtype=np.int32)


def test_content_words_are_neither_function_words_nor_numbers():
    found = classify_words(EVERY_WORD)
    assert (found.content == ~(found.stop | found.number)).all()
    assert not (found.stop & (found.content | found.immutable | found.uncommon)).any()


def test_rare_words_are_immutable_and_uncommon():
    found = classify_words(EVERY_WORD)
    rare = ~found.stop & (found.zipf < RARE_ZIPF)
    assert found.immutable[rare].all()
    assert found.uncommon[rare].all()
    assert RARE_ZIPF < UNCOMMON_ZIPF


def test_more_words_are_names_to_blocking_keys():
    share = LEXICON.name[:-1]
    between = (share >= KEY_NAME_SHARE) & (share <= NAME_SHARE)
    common = between & ~LEXICON.stop[:-1] & (LEXICON.zipf[:-1] >= RARE_ZIPF)
    assert common.any()
    assert key_immutable_rows()[:-1][common].all()
    alpha = np.array([word.isalpha() for word in LEXICON.words])
    assert not classify_words(EVERY_WORD).immutable[common & alpha].any()


def test_unknown_words_are_rare_and_numbers_are_no_content():
    found = classify_words(LEXICON.lookup(["brandvikson", "4,212"]))
    assert found.immutable.all()
    assert found.content.tolist() == [True, False]
