"""The features of an aligned pair, each a function of its own, listed by hand.

To add one: write a function from `AlignedPair` to a float or an `Evidence` in the module of its kind, add a line to
`FEATURES`, and rebuild the table and the model.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from unspun.align import align, align_all, portions
from unspun.features import containment, course, fluency, meaning, order, overlap, quotation, style, substitution
from unspun.features.base import NAN, Evidence, Feature, Measure, constants, logprobs, view
from unspun.types import AlignedPair, FloatArray, TokenText

_INF = math.inf
_SAME, _NEGATED = "same", "negated"
_LOG_WORDS = math.log(151)


def _both(
    name: str, source: Measure, suspect: Measure, high: float, neutral: float | None, words: str, whole: bool = False
) -> Iterable[Feature]:
    """Declare the same measure of either text."""
    first, second = f"{name}_source", f"{name}_suspect"
    low = 0 if high > 0 else -_INF
    yield Feature(first, source, low, high, neutral, second, f"{words}, source", whole)
    yield Feature(second, suspect, low, high, neutral, first, f"{words}, suspect", whole)


def _whole(kind: str, neutral: float | None, words: str) -> Iterable[Feature]:
    source, suspect = containment.whole_source(kind), containment.whole_suspect(kind)
    return _both(f"whole_{kind}", source, suspect, 1, neutral, words, whole=True)


_STYLE = (
    ("sentence_length", _INF, "length of sentences"),
    ("sentence_spread", _INF, "variety of sentence lengths"),
    ("zipf_level", 8, "frequency of words"),
    ("zipf_spread", _INF, "spread of word frequency"),
    ("variety", _INF, "variety of words"),
    ("word_length", _INF, "length of words"),
    ("long_word_rate", 1, "long words"),
    ("comma_rate", _INF, "commas"),
    ("mark_rate", _INF, "punctuation"),
    ("logprob", 0, "fluency"),
    ("stop_rate", 1, "function words"),
    ("connective_rate", 1, "formal connectives"),
    ("favoured_rate", 1, "words that language models love"),
    ("contraction_rate", 1, "contractions"),
    ("pronoun_rate", 1, "pronouns"),
    ("article_rate", 1, "articles"),
    ("preposition_rate", 1, "prepositions"),
    ("ly_rate", 1, "words in -ly"),
    ("ing_rate", 1, "words in -ing"),
)
_COURSE = (
    ("strength", course.course_strength, -1, "like meaning at like places"),
    ("match", course.course_match, -1, "places that go with meaning"),
)


TREE_ONLY: tuple[str, ...] = (
    *(f"whole_{name}_{side}" for name, *_ in _STYLE for side in ("source", "suspect")),
    "whole_same_order",
)
"""Features that the networks do better without: levels of style over whole texts, and what tells copies."""
CIRCUMSTANCES: tuple[str, ...] = ("whole_same_order", "aligned_words", "whole_content_source")
"""Features that tell how much of two texts there is to compare (see `unspun.refinement`); one of two that exchange
places stands for both."""


def _whole_style(name: str, high: float, words: str) -> Iterable[Feature]:
    source, suspect = style.whole_level_source(name), style.whole_level_suspect(name)
    return _both(f"whole_{name}", source, suspect, high, None, f"{words}, whole text", whole=True)


FEATURES: tuple[Feature, ...] = (
    Feature("aligned_words", overlap.aligned_words, 0, _LOG_WORDS, None, _SAME, "how much is aligned"),
    Feature("support", overlap.support, 0, 0.25, 0.25, _SAME, "share of the shorter text aligned"),
    Feature(
        "inner_coverage_source",
        overlap.inner_coverage_source,
        0,
        1,
        1,
        "inner_coverage_suspect",
        "share of the source between its first and last aligned sentence",
    ),
    Feature(
        "inner_coverage_suspect",
        overlap.inner_coverage_suspect,
        0,
        1,
        1,
        "inner_coverage_source",
        "share of the suspect between its first and last aligned sentence",
    ),
    Feature("kept_rate", overlap.kept_rate, 0, 1, 1, _SAME, "words kept"),
    Feature("content_kept_rate", overlap.content_kept_rate, 0, 1, 1, _SAME, "content words kept"),
    Feature("stop_kept_rate", overlap.stop_kept_rate, 0, 1, 1, _SAME, "function words kept"),
    Feature("immutable_kept_rate", overlap.immutable_kept_rate, 0, 1, 1, _SAME, "names, numbers and rare words kept"),
    Feature("number_kept_rate", overlap.number_kept_rate, 0, 1, 1, _SAME, "numbers kept"),
    Feature("immutable_excess", overlap.immutable_excess, -1, 1, 0, _SAME, "names kept more than common words"),
    Feature("stop_excess", overlap.stop_excess, -1, 1, 0, _SAME, "function words kept more than content words"),
    Feature("substituted_rate", overlap.substituted_rate, 0, 1, 0, _SAME, "words substituted"),
    Feature("inflected_rate", overlap.inflected_rate, 0, 1, 0, _SAME, "words whose form changed"),
    Feature("inserted_rate", overlap.inserted_rate, 0, 1, 0, "deleted_rate", "words inserted"),
    Feature("deleted_rate", overlap.deleted_rate, 0, 1, 0, "inserted_rate", "words deleted"),
    Feature("row_similarity_mean", overlap.row_similarity_mean, 0, 1, 1, _SAME, "overlap of the aligned sentences"),
    Feature("row_similarity_spread", overlap.row_similarity_spread, 0, 0.5, 0, _SAME, "how much the overlap varies"),
    Feature("verbatim_row_rate", overlap.verbatim_row_rate, 0, 1, 1, _SAME, "sentences left as they were"),
    Feature("heavy_row_rate", overlap.heavy_row_rate, 0, 1, 0, _SAME, "sentences changed heavily"),
    Feature("kept_run_mean", overlap.kept_run_mean, 1, _INF, None, _SAME, "length of the runs of kept words"),
    Feature("kept_run_longest", overlap.kept_run_longest, -_INF, _INF, None, _SAME, "longest run of kept words"),
    Feature("trigram_kept_rate", overlap.trigram_kept_rate, 0, 1, 1, _SAME, "runs of three words kept"),
    Feature("sixgram_kept_rate", overlap.sixgram_kept_rate, 0, 1, 1, _SAME, "runs of six words kept"),
    Feature("changed_row_rate", overlap.changed_row_rate, 0, 1, 0, _SAME, "sentences with a swap"),
    Feature("evenness", overlap.evenness, 0, 1, NAN, _SAME, "changes evenly spread"),
    Feature("swap_rate", substitution.swap_rate, 0, 1, 0, _SAME, "content words swapped"),
    Feature(
        "related_swap_rate", substitution.related_swap_rate, 0, 1, 0, _SAME, "content words swapped for related ones"
    ),
    Feature("related_share", substitution.related_share, 0, 1, NAN, _SAME, "swaps that a thesaurus relates"),
    Feature("synonym_share", substitution.synonym_share, 0, 1, NAN, _SAME, "swaps for WordNet synonyms"),
    Feature("near_share", substitution.near_share, 0, 1, NAN, _SAME, "swaps for broader, narrower or derived words"),
    Feature("moby_share", substitution.moby_share, 0, 1, NAN, _SAME, "swaps from one thesaurus entry"),
    Feature("antonym_share", substitution.antonym_share, 0, 1, NAN, _SAME, "swaps for the opposite"),
    Feature("nearness_mean", substitution.nearness_mean, -1, 1, NAN, _SAME, "nearness in meaning of the swapped words"),
    Feature("near_meaning_share", substitution.near_meaning_share, 0, 1, NAN, _SAME, "swaps close in meaning"),
    Feature("unrelated_share", substitution.unrelated_share, 0, 1, NAN, _SAME, "swaps of unrelated words"),
    Feature(
        "wrong_sense_share",
        substitution.wrong_sense_share,
        0,
        1,
        NAN,
        "wrong_sense_share_suspect",
        "synonyms in the wrong sense",
    ),
    Feature(
        "wrong_sense_share_suspect",
        substitution.wrong_sense_share_suspect,
        0,
        1,
        NAN,
        "wrong_sense_share",
        "synonyms in the wrong sense, read backwards",
    ),
    Feature(
        "senses_delta",
        substitution.senses_delta,
        -_INF,
        _INF,
        NAN,
        _NEGATED,
        "change of how many senses the words have",
    ),
    Feature("same_class_share", substitution.same_class_share, 0, 1, NAN, _SAME, "swaps within one part of speech"),
    Feature(
        "same_ending_share", substitution.same_ending_share, 0, 1, NAN, _SAME, "inflection copied onto the substitute"
    ),
    Feature("zipf_delta", substitution.zipf_delta, -8, 8, NAN, _NEGATED, "change of word frequency over the swaps"),
    Feature("zipf_shift", substitution.zipf_shift, 0, 8, NAN, _SAME, "size of the change of word frequency"),
    Feature("rarer_share", substitution.rarer_share, 0, 1, NAN, "commoner_share", "swaps for much rarer words"),
    Feature("commoner_share", substitution.commoner_share, 0, 1, NAN, "rarer_share", "swaps for much commoner words"),
    Feature(
        "replaced_zipf_source",
        substitution.replaced_zipf_source,
        0,
        8,
        NAN,
        "replaced_zipf_suspect",
        "frequency of the words that left",
    ),
    Feature(
        "replaced_zipf_suspect",
        substitution.replaced_zipf_suspect,
        0,
        8,
        NAN,
        "replaced_zipf_source",
        "frequency of the words that came",
    ),
    Feature("reciprocal_share", substitution.reciprocal_share, 0, 1, NAN, _SAME, "reciprocal swaps"),
    Feature("chain_share", substitution.chain_share, 0, 1, NAN, _SAME, "swaps in chains"),
    Feature("repeated_swap_share", substitution.repeated_swap_share, 0, 1, NAN, _SAME, "the same swap again"),
    Feature(
        "inconsistent_share",
        substitution.inconsistent_share,
        0,
        1,
        NAN,
        "inconsistent_share_suspect",
        "words swapped here and kept there",
    ),
    Feature(
        "inconsistent_share_suspect",
        substitution.inconsistent_share_suspect,
        0,
        1,
        NAN,
        "inconsistent_share",
        "words swapped here and kept there, read backwards",
    ),
    Feature("stop_swap_share", substitution.stop_swap_share, 0, 1, NAN, _SAME, "function words among the swaps"),
    Feature(
        "immutable_swap_share",
        substitution.immutable_swap_share,
        0,
        1,
        NAN,
        _SAME,
        "names and rare words among the swaps",
    ),
    Feature(
        "change_from_relation",
        substitution.change_from_relation,
        0,
        1,
        NAN,
        _SAME,
        "changes that related swaps account for",
    ),
    Feature("fit_delta", fluency.fit_delta, -12, 12, NAN, _NEGATED, "how well the new words fit their place"),
    Feature("fit_home_advantage", fluency.fit_home_advantage, -12, 12, NAN, _SAME, "words fit their own text better"),
    Feature("misfit_share", fluency.misfit_share, 0, 1, NAN, "misfit_share_source", "swaps that fit badly"),
    Feature(
        "misfit_share_source",
        fluency.misfit_share_source,
        0,
        1,
        NAN,
        "misfit_share",
        "swaps that fit badly, read backwards",
    ),
    Feature("bigram_fit_delta", fluency.bigram_fit_delta, -4, 4, NAN, _NEGATED, "fit with the word before"),
    Feature("fit_spread", fluency.fit_spread, 0, 12, NAN, _SAME, "how much the fit varies"),
    Feature("logprob_delta", fluency.logprob_delta, -_INF, _INF, 0, _NEGATED, "change of fluency"),
    Feature(
        "changed_logprob_delta",
        fluency.changed_logprob_delta,
        -_INF,
        _INF,
        NAN,
        _NEGATED,
        "change of fluency at the changed words",
    ),
    Feature("set_phrase_delta", fluency.set_phrase_delta, -8, 8, NAN, _NEGATED, "set phrases made or broken"),
    Feature(
        "broken_phrase_share",
        fluency.broken_phrase_share,
        0,
        1,
        NAN,
        "broken_phrase_share_source",
        "set phrases broken",
    ),
    Feature(
        "broken_phrase_share_source",
        fluency.broken_phrase_share_source,
        0,
        1,
        NAN,
        "broken_phrase_share",
        "set phrases broken, read backwards",
    ),
    Feature("row_order", order.row_order, -1, 1, 1, _SAME, "order of the sentences kept"),
    Feature("passage_rate", order.passage_rate, 0, 1, 0, _SAME, "interruptions of the shared passages"),
    Feature("split_rate", order.split_rate, 0, 1, 0, "merge_rate", "sentences split"),
    Feature("merge_rate", order.merge_rate, 0, 1, 0, "split_rate", "sentences merged"),
    Feature("length_delta", order.length_delta, -_INF, _INF, 0, _NEGATED, "change of length"),
    Feature("length_spread", order.length_spread, 0, _INF, 0, _SAME, "how much the change of length varies"),
    Feature("single_swap_share", order.single_swap_share, 0, 1, NAN, _SAME, "changes of one word for one word"),
    Feature("phrase_share", order.phrase_share, 0, 1, NAN, _SAME, "substitutions of phrases"),
    Feature("long_edit_share", order.long_edit_share, 0, 1, NAN, _SAME, "changed words in long changes"),
    Feature("change_size_mean", order.change_size_mean, 0, _INF, NAN, _SAME, "size of the changes"),
    Feature("moved_word_rate", order.moved_word_rate, 0, 1, 0, _SAME, "words moved within their sentence"),
    Feature(
        "quotation_change_rate", quotation.quotation_change_rate, 0, 1, 0, _SAME, "words changed inside quotation marks"
    ),
    Feature("quotation_excess", quotation.quotation_excess, -1, 1, 0, _SAME, "quotations changed more than the rest"),
    Feature(
        "altered_quotation_rate",
        quotation.altered_quotation_rate,
        0,
        100,
        0,
        _SAME,
        "words swapped inside quotation marks",
    ),
    Feature(
        "quotations_kept_rate",
        quotation.quotations_kept_rate,
        0,
        1,
        1,
        "quotations_kept_rate_suspect",
        "quotations kept word for word",
    ),
    Feature(
        "quotations_kept_rate_suspect",
        quotation.quotations_kept_rate_suspect,
        0,
        1,
        1,
        "quotations_kept_rate",
        "quotations kept word for word, read backwards",
    ),
    Feature(
        "content_contained_source",
        containment.content_contained_source,
        0,
        1,
        1,
        "content_contained_suspect",
        "distinct content words of the source that the suspect has",
    ),
    Feature(
        "content_contained_suspect",
        containment.content_contained_suspect,
        0,
        1,
        1,
        "content_contained_source",
        "distinct content words of the suspect that the source has",
    ),
    Feature(
        "rare_contained_source",
        containment.rare_contained_source,
        0,
        1,
        1,
        "rare_contained_suspect",
        "distinct numbers and rare words (Zipf below 3.5) of the source that the suspect has",
    ),
    Feature(
        "rare_contained_suspect",
        containment.rare_contained_suspect,
        0,
        1,
        1,
        "rare_contained_source",
        "distinct numbers and rare words (Zipf below 3.5) of the suspect that the source has",
    ),
    Feature(
        "number_contained_source",
        containment.number_contained_source,
        0,
        1,
        None,
        "number_contained_suspect",
        "distinct numbers of the source that the suspect has",
    ),
    Feature(
        "number_contained_suspect",
        containment.number_contained_suspect,
        0,
        1,
        None,
        "number_contained_source",
        "distinct numbers of the suspect that the source has",
    ),
    Feature(
        "trigram_contained_source",
        containment.trigram_contained_source,
        0,
        1,
        1,
        "trigram_contained_suspect",
        "distinct runs of three words of the source that the suspect has",
    ),
    Feature(
        "trigram_contained_suspect",
        containment.trigram_contained_suspect,
        0,
        1,
        1,
        "trigram_contained_source",
        "distinct runs of three words of the suspect that the source has",
    ),
    Feature(
        "inner_length_delta", containment.inner_length_delta, -_INF, _INF, 0, _NEGATED, "length of the shared stretch"
    ),
    Feature(
        "inner_sentence_delta",
        containment.inner_sentence_delta,
        -_INF,
        _INF,
        0,
        _NEGATED,
        "sentences of the shared stretch",
    ),
    Feature("unaligned_rate", containment.unaligned_rate, 0, 1, 0, _SAME, "words dropped, added or in no row"),
    Feature("connective_delta", style.connective_delta, -1, 1, 0, _NEGATED, "formal connectives"),
    Feature("favoured_delta", style.favoured_delta, -1, 1, 0, _NEGATED, "words that language models love"),
    Feature("plain_delta", style.plain_delta, -1, 1, 0, _NEGATED, "plain words"),
    Feature("article_delta", style.article_delta, -1, 1, 0, _NEGATED, "articles"),
    Feature("pronoun_delta", style.pronoun_delta, -1, 1, 0, _NEGATED, "pronouns"),
    Feature("preposition_delta", style.preposition_delta, -1, 1, 0, _NEGATED, "prepositions"),
    Feature("conjunction_delta", style.conjunction_delta, -1, 1, 0, _NEGATED, "conjunctions"),
    Feature("auxiliary_delta", style.auxiliary_delta, -1, 1, 0, _NEGATED, "auxiliary verbs"),
    Feature("ing_delta", style.ing_delta, -1, 1, 0, _NEGATED, "words in -ing"),
    Feature("ly_delta", style.ly_delta, -1, 1, 0, _NEGATED, "words in -ly"),
    Feature("tion_delta", style.tion_delta, -1, 1, 0, _NEGATED, "words in -tion"),
    Feature("contraction_delta", style.contraction_delta, -1, 1, 0, _NEGATED, "contractions"),
    Feature("contraction_kept_rate", style.contraction_kept_rate, 0, 1, 1, _SAME, "contractions kept"),
    Feature("stop_delta", style.stop_delta, -1, 1, 0, _NEGATED, "function words"),
    Feature("word_length_delta", style.word_length_delta, -_INF, _INF, 0, _NEGATED, "length of words"),
    Feature("zipf_mean_delta", style.zipf_mean_delta, -8, 8, 0, _NEGATED, "frequency of words"),
    Feature("zipf_spread_delta", style.zipf_spread_delta, -4, 4, 0, _NEGATED, "spread of word frequency"),
    Feature("zipf_all_delta", style.zipf_all_delta, -8, 8, 0, _NEGATED, "frequency of all words"),
    Feature("rare_word_delta", style.rare_word_delta, -1, 1, 0, _NEGATED, "rare words"),
    Feature("long_word_delta", style.long_word_delta, -1, 1, 0, _NEGATED, "long words"),
    Feature("type_token_delta", style.type_token_delta, -_INF, _INF, 0, _NEGATED, "variety of words"),
    Feature("sentence_length_delta", style.sentence_length_delta, -_INF, _INF, 0, _NEGATED, "length of sentences"),
    Feature(
        "sentence_spread_delta", style.sentence_spread_delta, -_INF, _INF, 0, _NEGATED, "variety of sentence lengths"
    ),
    Feature(
        "stretch_kept_rate", containment.stretch_kept_rate, 0, 2, 1, _SAME, "words kept in order over the whole stretch"
    ),
    Feature(
        "stretch_replaced_rate",
        containment.stretch_replaced_rate,
        0,
        2,
        0,
        _SAME,
        "words replaced over the whole stretch",
    ),
    Feature("stretch_change_rate", containment.stretch_change_rate, 0, 2, 0, _SAME, "changes over the whole stretch"),
    Feature(
        "stretch_inserted_rate",
        containment.stretch_inserted_rate,
        0,
        1,
        0,
        "stretch_deleted_rate",
        "words inserted over the whole stretch",
    ),
    Feature(
        "stretch_deleted_rate",
        containment.stretch_deleted_rate,
        0,
        1,
        0,
        "stretch_inserted_rate",
        "words deleted over the whole stretch",
    ),
    Feature(
        "stretch_run_mean",
        containment.stretch_run_mean,
        0,
        _INF,
        NAN,
        _SAME,
        "length of the kept runs over the whole stretch",
    ),
    Feature(
        "stretch_run_spread",
        containment.stretch_run_spread,
        0,
        _INF,
        NAN,
        _SAME,
        "how much the kept runs vary in length",
    ),
    Feature(
        "sentence_length_source",
        style.sentence_length_source,
        0,
        _INF,
        None,
        "sentence_length_suspect",
        "length of sentences in the source",
    ),
    Feature(
        "sentence_length_suspect",
        style.sentence_length_suspect,
        0,
        _INF,
        None,
        "sentence_length_source",
        "length of sentences in the suspect",
    ),
    Feature(
        "sentence_spread_source",
        style.sentence_spread_source,
        0,
        _INF,
        None,
        "sentence_spread_suspect",
        "variety of sentence lengths in the source",
    ),
    Feature(
        "sentence_spread_suspect",
        style.sentence_spread_suspect,
        0,
        _INF,
        None,
        "sentence_spread_source",
        "variety of sentence lengths in the suspect",
    ),
    Feature(
        "zipf_level_source",
        style.zipf_level_source,
        0,
        8,
        None,
        "zipf_level_suspect",
        "frequency of words in the source",
    ),
    Feature(
        "zipf_level_suspect",
        style.zipf_level_suspect,
        0,
        8,
        None,
        "zipf_level_source",
        "frequency of words in the suspect",
    ),
    Feature("variety_source", style.variety_source, 0, _INF, None, "variety_suspect", "variety of words in the source"),
    Feature(
        "variety_suspect", style.variety_suspect, 0, _INF, None, "variety_source", "variety of words in the suspect"
    ),
    Feature(
        "stop_rate_source", style.rate_source("stop"), 0, 1, None, "stop_rate_suspect", "function words in the source"
    ),
    Feature(
        "stop_rate_suspect", style.rate_suspect("stop"), 0, 1, None, "stop_rate_source", "function words in the suspect"
    ),
    Feature(
        "connective_rate_source",
        style.rate_source("connective"),
        0,
        1,
        None,
        "connective_rate_suspect",
        "formal connectives in the source",
    ),
    Feature(
        "connective_rate_suspect",
        style.rate_suspect("connective"),
        0,
        1,
        None,
        "connective_rate_source",
        "formal connectives in the suspect",
    ),
    Feature(
        "long_word_rate_source",
        style.long_word_rate_source,
        0,
        1,
        None,
        "long_word_rate_suspect",
        "long words in the source",
    ),
    Feature(
        "long_word_rate_suspect",
        style.long_word_rate_suspect,
        0,
        1,
        None,
        "long_word_rate_source",
        "long words in the suspect",
    ),
    Feature("more_words", overlap.more_words, 0, math.log(501), None, _SAME, "how much is aligned"),
    *_both(
        "favoured_rate",
        style.rate_source("favoured"),
        style.rate_suspect("favoured"),
        1,
        None,
        "words that language models love",
    ),
    *_both(
        "contraction_rate", style.rate_source("contraction"), style.rate_suspect("contraction"), 1, None, "contractions"
    ),
    *_both("pronoun_rate", style.rate_source("pronoun"), style.rate_suspect("pronoun"), 1, None, "pronouns"),
    *_both("article_rate", style.rate_source("article"), style.rate_suspect("article"), 1, None, "articles"),
    *_both(
        "preposition_rate", style.rate_source("preposition"), style.rate_suspect("preposition"), 1, None, "prepositions"
    ),
    *_both("ly_rate", style.rate_source("ly"), style.rate_suspect("ly"), 1, None, "words in -ly"),
    *_both("ing_rate", style.rate_source("ing"), style.rate_suspect("ing"), 1, None, "words in -ing"),
    *_both("comma_rate", style.comma_rate_source, style.comma_rate_suspect, _INF, None, "commas"),
    *_both("mark_rate", style.mark_rate_source, style.mark_rate_suspect, _INF, None, "punctuation"),
    *_both("zipf_spread", style.zipf_spread_source, style.zipf_spread_suspect, _INF, None, "spread of word frequency"),
    *_both("word_length", style.word_length_source, style.word_length_suspect, _INF, None, "length of words"),
    *_both("logprob", fluency.logprob_source, fluency.logprob_suspect, 0, None, "fluency"),
    *_both(
        "bigram_contained",
        containment.runs_contained_source("bigram", 2),
        containment.runs_contained_suspect("bigram", 2),
        1,
        1,
        "distinct runs of 2 words that the other has",
    ),
    *_both(
        "fivegram_contained",
        containment.runs_contained_source("fivegram", 5),
        containment.runs_contained_suspect("fivegram", 5),
        1,
        1,
        "distinct runs of 5 words that the other has",
    ),
    *_both(
        "stop_run_contained",
        containment.runs_contained_source("stop_run", 4, True),
        containment.runs_contained_suspect("stop_run", 4, True),
        1,
        1,
        "distinct runs of 4 function words that the other has",
    ),
    Feature("comma_delta", style.comma_delta, -_INF, _INF, 0, _NEGATED, "commas"),
    Feature("dash_delta", style.dash_delta, -_INF, _INF, 0, _NEGATED, "dashes"),
    Feature("mark_delta", style.mark_delta, -_INF, _INF, 0, _NEGATED, "punctuation"),
    Feature("comma_kept_rate", style.comma_kept_rate, 0, 1, 1, _SAME, "commas kept in place"),
    Feature(
        "changed_meaning_mean", meaning.changed_meaning_mean, -1, 1, NAN, _SAME, "changed words that mean the same"
    ),
    Feature(
        "changed_meaning_low_rate",
        meaning.changed_meaning_low_rate,
        0,
        1,
        NAN,
        _SAME,
        "sentences whose changes mean something else",
    ),
    Feature("row_meaning_mean", meaning.row_meaning_mean, -1, 1, 1, _SAME, "meaning kept"),
    Feature("meaning_excess", meaning.meaning_excess, -2, 1, 0, _SAME, "meaning kept more than wording"),
    *_whole("content", 1, "distinct content words anywhere that the other has"),
    *_whole("rare", None, "distinct numbers and rare words anywhere that the other has"),
    *_whole("number", None, "distinct numbers anywhere that the other has"),
    *(feature for name, high, words in _STYLE for feature in _whole_style(name, high, words)),
    *(
        Feature(f"course_{kind}_{width}", measure(width), low, -low, None, _SAME, words, whole=True)
        for kind, measure, low, words in _COURSE
        for width in course.WIDTHS
    ),
    *_both(
        "whole_meaning",
        course.whole_meaning_source,
        course.whole_meaning_suspect,
        1,
        1,
        "meaning that the other has anywhere",
        whole=True,
    ),
    Feature("whole_same_order", containment.whole_same_order, 0, 1, 1, _SAME, "words in the same order", True),
    Feature("whole_length_delta", containment.whole_length_delta, -_INF, _INF, 0, _NEGATED, "whole length", True),
    Feature("whole_sentence_delta", containment.whole_sentence_delta, -_INF, _INF, 0, _NEGATED, "sentences", True),
)
"""Every feature, in the order of the columns."""
FEATURE_NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)


def _swap_plan() -> tuple[NDArray[np.intp], FloatArray]:
    """Return for each column the column that takes its place in the other order, and the sign it takes."""
    places = {name: place for place, name in enumerate(FEATURE_NAMES)}
    partners = [places.get(feature.swapped, place) for place, feature in enumerate(FEATURES)]
    signs = [-1.0 if feature.swapped == _NEGATED else 1.0 for feature in FEATURES]
    return np.array(partners, np.intp), np.array(signs, np.float32)


_PARTNERS, _SIGNS = _swap_plan()


def swap_order(rows: FloatArray) -> FloatArray:
    """Return the features of the same pairs shown in the other order.

    Parameters
    ----------
    rows : float array (n, len(FEATURES))
        Rows as `featurize_pairs` gives them.

    Returns
    -------
    float array (n, len(FEATURES))
        Twice swapped is the same.
    """
    return np.asarray(rows[:, _PARTNERS] * _SIGNS, rows.dtype)


def measure(pair: AlignedPair, feature: Feature) -> Evidence:
    """Return a feature's value with the edits it was counted from (none for those that count nothing)."""
    found = feature.measure(pair)
    if isinstance(found, Evidence):
        return found
    return Evidence(float(found), np.zeros(0, np.int64))


def features_of(pair: AlignedPair) -> FloatArray:
    """Return the row of features of an aligned pair, float32 (len(FEATURES),); all NaN when a text has no words."""
    return np.asarray(features_of_all([pair])[0])


def features_of_all(pairs: Sequence[AlignedPair]) -> FloatArray:
    """Return the features of aligned pairs, float32 (n, len(FEATURES)).

    Feature by feature, not pair by pair: what one feature runs through stays in the processor's caches, which saves a
    quarter of the time. Where nothing is aligned, as in most candidates of a crawl, only what is measured over whole
    texts differs from pair to pair: the rest is measured once for all of them.
    """
    table = np.full((len(pairs), len(FEATURES)), NAN, np.float32)
    worded = [(row, pair) for row, pair in enumerate(pairs) if len(pair.source) and len(pair.suspect)]
    bare = np.array([row for row, pair in worded if not len(pair.rows)], np.intp)
    rest = set(bare[1:].tolist())
    measured = [(row, pair) for row, pair in worded if row not in rest]
    places = {True: [row for row, _ in worded], False: [row for row, _ in measured]}
    _prepare([pair for _, pair in worded], [pair for _, pair in measured])
    for column, feature in enumerate(FEATURES):
        take = feature.measure
        found = [take(pair) for _, pair in (worded if feature.whole else measured)]
        table[places[feature.whole], column] = [one.value if isinstance(one, Evidence) else one for one in found]
    alike = np.array([not feature.whole for feature in FEATURES])
    table[np.ix_(bare, alike)] = table[bare[:1]][:, alike]
    return table


def _prepare(pairs: Sequence[AlignedPair], measured: Sequence[AlignedPair]) -> None:
    """Make what many features read of pairs and their texts, several at a time: it takes half as long.

    ``measured`` are those of the pairs of which more than the whole texts counts.
    """
    for some in portions(pairs, _texts):
        texts = [text for pair in some for text in _texts(pair)]
        constants.of_all(texts)
        logprobs.of_all(texts)
    for some in portions(measured, _texts):
        view.of_all(some)
        fluency.fits.of_all(some)


def _texts(pair: AlignedPair) -> tuple[TokenText, TokenText]:
    return pair.source, pair.suspect


def featurize(source: TokenText, suspect: TokenText) -> FloatArray:
    """Align two texts and return their row of features, float32 (len(FEATURES),).

    Examples
    --------
    >>> from unspun.text import read_text
    >>> text = read_text("The old ferry sank off Marrow Point.")
    >>> row = featurize(text, text)
    >>> float(row[FEATURE_NAMES.index("kept_rate")])
    1.0
    """
    return features_of(align(source, suspect))


def featurize_pairs(sources: Iterable[TokenText], suspects: Iterable[TokenText]) -> FloatArray:
    """Return the features of many pairs, float32 (n, len(FEATURES))."""
    return features_of_all(align_all(zip(sources, suspects, strict=True)))
