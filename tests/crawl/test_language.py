"""English is kept, in whatever state a spinner left it; other languages are not, and few words are not judged."""

import socket

import pytest

from unspun.crawl.reading.language import tell_english, tell_language

ENGLISH = (
    "The harbour board of Ostermouth said on Tuesday that the drawbridge will stay shut until October, because two "
    "of its nine hinges are cracked and nobody has asked for an inspection since the last survey."
)
OTHERS = {
    "de": "Der Hafen von Ostermouth bleibt bis Oktober geschlossen, weil zwei der neun Scharniere gebrochen sind, "
    "teilte der Rat der Stadt am Dienstag nach einer langen Sitzung mit.",
    "fr": "Le pont levant restera fermé jusqu'en octobre, car deux de ses neuf charnières sont fissurées, a déclaré "
    "mardi le conseil du port après une longue réunion.",
    "ru": "Разводной мост останется закрытым до октября, потому что две из девяти петель треснули, сообщил во вторник "
    "совет порта после долгого заседания.",
    "zh": "港口委员会周二表示,由于九个铰链中有两个出现裂缝,吊桥将关闭至十月。",
}
SPUN = (
    "The haven panel of Ostermouth expressed on Tuesday that the bascule will remain closed till October, since couple "
    "of its nine pivots are fractured and no one has requested an examination since the final study."
)


@pytest.mark.parametrize("code", OTHERS)
def test_other_languages_are_not_english(code):
    english, told = tell_english(OTHERS[code])
    assert not english
    assert told.code == code


@pytest.mark.parametrize(
    "text", [ENGLISH, SPUN, ENGLISH.upper(), ENGLISH.replace("a", "а").replace("e", "е"), ENGLISH.replace(" ", "\n")]
)
def test_english_is_english_whatever_was_done_to_it(text):
    english, told = tell_english(text)
    assert english
    assert told.code == "en"


@pytest.mark.parametrize("text", ["", "Rain fell.", "12,345 – 678", "Ostermouth 3, Skerrow 1", "\0\ud800"])
def test_few_words_are_not_judged(text):
    assert tell_english(text) == (True, ("", 0.0))


def test_most_of_a_long_text_decides():
    assert not tell_english(ENGLISH + OTHERS["de"] * 30)[0]
    assert tell_english(OTHERS["de"] + ENGLISH * 30)[0]


def test_nothing_is_fetched(monkeypatch):
    def refuse(*_):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert tell_language(ENGLISH).code == "en"
