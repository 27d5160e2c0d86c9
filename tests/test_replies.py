"""What people write back, read as they meant it: the whole message, in any of our languages, however it was typed."""

from __future__ import annotations

from itertools import combinations

import pytest
import yaml

from outreach.messaging import reading
from outreach.messaging.reading import key_meant, plain, read_contact, read_reply, replies_in
from outreach.messaging.texts import LANGUAGES
from outreach.messaging.twilio.codes import fault_of

OF_RESIDENT, OF_CONTACT = (
    ("yes", "stop", "start", "wrong_number", "help"),
    ("reported", "stop", "start", "wrong_number", "help"),
)


@pytest.mark.parametrize(
    "body",
    ["1", " 1 ", "１", "1.", "“1”", "【1】", "1。", "YES", "Yes!", "ｙｅｓ", "ok", "是", "是的！", "知道了。", "👍"],
)  # fmt: skip
def test_a_yes_is_read_however_it_was_typed(body: str) -> None:
    assert read_reply(body) == "yes"


@pytest.mark.parametrize(
    "body", ["STOP", "stop.", "Ｓｔｏｐ", "Unsubscribe", "退订", "退订。", "TD", "ｔｄ", "T", "不要再发了！"]
)
def test_a_wish_to_be_left_alone_is_read_however_it_was_typed(body: str) -> None:
    assert read_reply(body) == "stop"


@pytest.mark.parametrize(
    "body",
    [
        "please stop it",
        "I can't stop him",
        "don't stop",
        "stop or I call somebody",
        "怎么退订",
        "我不想退订",
        "11",
        "1 2",
        "",
        "?",
        "。",
    ],
)
def test_stop_inside_a_sentence_is_no_wish_and_1_inside_one_no_yes(body: str) -> None:
    assert read_reply(body) == "words"


@pytest.mark.parametrize(
    "body", ["Wrong number", "wrong number!", "That’s not me.", "打错了", "您打错了。", "不是我", "不是我！"]
)
def test_a_wrong_number_is_read(body: str) -> None:
    assert read_reply(body) == "wrong_number" and read_contact(body) == "wrong_number"


def test_what_the_provider_took_for_a_stop_is_one_whatever_we_read() -> None:
    assert read_reply("ARRET", "stop") == "stop" and read_contact("1", "stop") == "stop"
    assert read_reply("1", "start") == "yes"
    assert read_reply("AYUDA", "help") == "help" == read_contact("info", "help") and read_reply("yes", "help") == "yes"


@pytest.mark.parametrize(
    "body",
    [
        "HELP",
        "help!",
        "help, police",
        "Help. He is here.",
        "police!",
        "SOS",
        "救命",
        "救命！",
        "报警。",
        "救命，他在门口",
        "１１０",
    ],
)
def test_a_cry_for_help_is_read_whoever_writes_it(body: str) -> None:
    assert read_reply(body) == read_contact(body) == "help"


@pytest.mark.parametrize(
    "body", ["I need no help", "can you help my neighbour", "the police rang me", "不用报警", "stop it"]
)
def test_help_inside_a_sentence_is_no_cry(body: str) -> None:
    assert read_reply(body) == read_contact(body) == "words"


@pytest.mark.parametrize("body", ["1", "Reached.", "She is fine", "联系上了", "已联系上。"])
def test_a_contact_says_that_they_have_spoken_with_the_person(body: str) -> None:
    assert read_contact(body) == "reported"


@pytest.mark.parametrize("body", ["ok", "yes", "好的", "知道了", "I will go", "who is this"])
def test_that_a_contact_has_read_it_says_nothing_of_the_person(body: str) -> None:
    assert read_contact(body) == "words"


@pytest.mark.parametrize(
    ("speech", "language", "key"),
    [("One.", "en", "1"), ("Yes", "en", "1"), ("Help me!", "en", "2"), ("say that again", "en", "9"),
     ("Hello?", "en", ""), ("一。", "zh-CN", "1"), ("明白了", "zh-CN", "1"), ("转人工", "zh-CN", "2"),
     ("再说一遍", "zh-CN", "9"), ("喂", "zh-CN", ""), ("", "en", "")],
)  # fmt: skip
def test_a_word_said_to_the_machine_stands_for_a_key(speech: str, language: str, key: str) -> None:
    assert key_meant(speech, language) == key


@pytest.mark.parametrize("meanings", [OF_RESIDENT, OF_CONTACT, ("spoken_1", "spoken_2", "spoken_9")])
def test_no_word_means_two_things_in_whatever_languages(meanings: tuple[str, ...]) -> None:
    words = {each: frozenset().union(*(replies_in(language)[each] for language in LANGUAGES)) for each in meanings}
    assert not [words[one] & words[other] for one, other in combinations(meanings, 2) if words[one] & words[other]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_meaning_has_words_in_every_language_each_written_as_text(language: str) -> None:
    kept = yaml.safe_load((reading.files("outreach.messaging") / "replies" / f"{language}.yaml").read_text("utf-8"))
    assert set(kept) == {*OF_RESIDENT, *OF_CONTACT, "spoken_1", "spoken_2", "spoken_9"}
    for words in kept.values():
        # Unquoted, YAML takes 1 and yes for a number and a truth.
        assert words and all(isinstance(word, str) and plain(word) for word in words)


def test_the_refusal_of_a_number_that_said_stop_to_the_provider_is_known_as_such() -> None:
    assert fault_of("21610") == "opt_out" and fault_of("30003") != "opt_out"
