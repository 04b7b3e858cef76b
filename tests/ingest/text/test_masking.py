"""Masking: nothing that leads to a person leaves a text, and what makes it a complaint stays."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.ingest.text.masking import DIGITS_MIN, masked
from pipeline.records.limits import EXAMPLE_CHARS_MAX

SEPARATORS = (
    " ",
    "\u00a0",
    "\u2009",
    "\u202f",
    ".",
    "-",
    "–",
    "—",
    "‑",
    "/",
    "_",
    "·",
    "~",
    ". ",
    " - ",
    ") ",
    " (",
    "\n",
    "\u200b",
    "",
)
WORDS = ("seit", "Kein", "Netz", "réseau", "down", "bitte", "tel", "Nr", "à", "Köln")

words = st.sampled_from(WORDS)
sentences = st.lists(words, max_size=6).map(" ".join)
separators = st.sampled_from(SEPARATORS)
names = st.from_regex(r"[a-z]{2,8}", fullmatch=True)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """A number that may lead to a person, in groups with any separators between."""
    groups = draw(st.lists(st.from_regex(r"[0-9]{1,5}", fullmatch=True), min_size=2, max_size=7))
    while sum(map(len, groups)) < DIGITS_MIN:
        groups.append(draw(st.from_regex(r"[0-9]{2,5}", fullmatch=True)))
    return groups[0] + "".join(draw(separators) + group for group in groups[1:])


addresses = st.one_of(
    st.builds("@{}".format, names),
    st.builds("@{}.{}".format, names, names),
    st.builds("@{}@{}.social".format, names, names),
    st.builds("{}.{}@{}.de".format, names, names, names),
    st.builds("{}+{}@{}".format, names, names, names),
    st.builds("{}://{}/{}".format, st.sampled_from(["http", "HTTPS", "ftp", "tg"]), names, names),
    st.builds("{}.{}.de".format, st.sampled_from(["www", "WWW", "Www"]), names),
    st.builds("t.me/{}".format, names),
    st.builds("T.ME/+{}".format, names),
    st.builds("{}.com".format, names),
    st.builds("{}.de/{}?q={}".format, names, names, names),
)
"""Made of names of their own, so that what is left of one can be found."""

MOMENT = re.compile(r"\d{1,2}:\d\d(:\d\d)?|(19|20)\d\d-\d\d?-\d\d?|\d\d?([./-]) ?\d\d?\3 ?(19|20)\d\d")


def longest_number(text: str) -> int:
    """Digits of the longest number of a text, whatever separates them; times and dates are none."""
    without = MOMENT.sub("T", text)
    joined = re.sub(r"(?<=\d)[^\w,;!?:%€$£°=<>&…]+(?=\d)|(?<=\d)_+(?=\d)", "", without)
    return max((len(found) for found in re.findall(r"\d+", joined)), default=0)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("06.12.34.56.78", "…", id="french_phone_with_dots"),
        pytest.param("ruf 0221–12345–6", "ruf …", id="en_dash"),
        pytest.param("06\u00a012\u202f34\u200956 78 svp", "… svp", id="no_break_and_thin_spaces"),
        pytest.param("06&nbsp;12&nbsp;34&nbsp;56&nbsp;78", "…", id="entities_of_spaces"),
        pytest.param("+49 (0)221 / 123-456!", "…!", id="every_sign_of_a_phone"),
        pytest.param("Kd-Nr 1234567", "Kd-Nr …", id="customer_of_seven_digits"),
        pytest.param("０６１２３４５６７８", "…", id="full_width_digits"),
        pytest.param("06\u200b12\u200b34\u200b56", "…", id="invisible_separators"),
        pytest.param("@first.last", "@…", id="handle_with_a_dot"),
        pytest.param("@user@instance.social: hi", "@…: hi", id="handle_with_its_server"),
        pytest.param("＠netz hilf", "@… hilf", id="full_width_at"),
        pytest.param("(@a/@b), @c's", "(@…/@…), @…'s", id="signs_around_handles_stay"),
        pytest.param("t.me/netz, T.ME/+ab", "… …", id="link_without_scheme"),
        pytest.param("siehe WWW.netz.de!", "siehe …", id="www_in_capitals"),
        pytest.param("HTTP://netz.example/x", "…", id="scheme_in_capitals"),
        pytest.param("schreib an a.b+c@netz.example.", "schreib an ….", id="mail_address"),
        pytest.param("foo.com1234567", "…", id="digits_hide_no_ending"),
    ],
)
def test_what_leads_to_a_person_is_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "seit 09:30",
        "seit 9:30 Uhr, am 12.02.2025 um 09.30 Uhr",
        "12.02.2025 09:30:15, 2025-02-12T09:30",
        "vom 12.02.2025-14.02.2025, 09:30-10:15",
        "am 12. 02. 2025",
        "5,99 EUR statt 29,99 EUR",
        "error 1234, Fehler 123456",
        "weder 110, 112 noch 116, 117",
        "16 Mbit/s statt 250 Mbit/s",
        "5€ 10€ 20€ 50€, 100% 100% 100%",
        "z.B. bzw. und/oder 24/7 geht nichts.Internet weg.",
        "@ 9 Uhr @@@ :// ...",
        "wer weiß was? 🤷\u200d♀\ufe0f",
        "#vodafonedown O2 & 1&1 PŸUR 4G+ 👩\ufe0f",
    ],
)
def test_what_makes_it_a_complaint_stays(text: str) -> None:
    assert masked(text) == text


@given(before=sentences, number=numbers(), after=sentences)
@example(before="", number="06.12.2034.56.78", after="")
def test_no_long_number_survives_however_it_is_spaced(before: str, number: str, after: str) -> None:
    assert longest_number(masked(f"{before} {number} {after}")) < DIGITS_MIN


@given(before=sentences, address=addresses, after=sentences, ending=st.sampled_from(["", ".", "!", ",", "…", ")"]))
def test_no_handle_link_or_mail_address_survives(before: str, address: str, after: str, ending: str) -> None:
    shown = masked(f"{before} {address}{ending} {after}")
    left = " ".join(word for word in shown.split() if word.strip("….,!)") not in WORDS)
    assert re.fullmatch(r"@?…[…./!,)]*", left), "all of an address goes, and nothing else"


pieces = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="0123456789 .,:/-@+w&#;…", max_size=20),
    numbers(),
    addresses,
    sentences,
    st.sampled_from(
        ["12.02.2025", "09:30", "2025-02-12", "://", "www.", ".com", "&nbsp;", "&#64;", "@", "\u200b", "\u200d", "♀"]
    ),
)


@given(
    text=st.lists(st.tuples(pieces, st.sampled_from(["", " ", " "])), max_size=60).map(
        lambda parts: "".join(a + b for a, b in parts)
    )
)
@example(text="4567 a.com1234567 890")
@example(text="0000000WWW.0")
@example(text="0.COM0000.000")
@example(text="x" * 236 + " a.community")
@example(text="x" * 230 + " 123 2025-02-12")
def test_what_is_shown_is_one_short_line_and_masking_it_again_changes_nothing(text: str) -> None:
    shown = masked(text)
    assert masked(shown) == shown
    assert len(shown) <= EXAMPLE_CHARS_MAX
    assert " ".join(shown.split()) == shown
    assert longest_number(shown) < DIGITS_MIN
    assert not re.search(r"@[\w]|\w://|(?<![\w.+@-])www\.\w", shown, re.IGNORECASE)
