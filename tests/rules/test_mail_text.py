"""What somebody said in a mail: their own words, whatever program they wrote them with."""

import email
import email.policy
from email.message import EmailMessage

import pytest

from services.applications.conversations.mail_text import said_in


def _plain(text: str) -> EmailMessage:
    message = EmailMessage()
    message.set_content(text)
    return message


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, 23 Nov 2026 at 10:00, Relais <relais@relais.example> wrote:\n> Dear Ewa,",
        "Am 23.11.2026 um 10:00 schrieb Relais <relais@relais.example>:\n> Dear Ewa,",
        "Le lun. 23 nov. 2026 à 10:00, Relais <relais@relais.example> a écrit :\n> Dear Ewa,",
        "W dniu 23.11.2026 o 10:00, Relais pisze/napisał(a):\n> Dear Ewa,",
        "-----Original Message-----\nDear Ewa,",
        "From: Relais <relais@relais.example>\nDear Ewa,",
        "-- \nEwa Nowak, Helixon",
    ],
)
def test_what_is_quoted_below_is_left_out(quoted: str) -> None:
    assert said_in(_plain(f"Yes, gladly.\n\nFrom Monday on we are there.\n\n{quoted}\n")) == (
        "Yes, gladly.\n\nFrom Monday on we are there."
    )


def test_html_becomes_text_without_scripts_and_quotes() -> None:
    message = EmailMessage()
    message.set_content(
        "<html><head><style>p{}</style></head><body><p>Yes,<br>we&nbsp;come.</p><script>alert(1)</script>"
        "<p>Ewa &amp; Adam</p><blockquote>Dear Ewa</blockquote></body></html>",
        subtype="html",
    )
    assert said_in(message) == "Yes,\nwe come.\n\nEwa & Adam"


@pytest.mark.parametrize(
    "text",
    [
        "On Mon, 23 Nov 2026 at 10:00, Relais <relais@relais.example> wrote:\n> Dear Ewa,\n> do you come?\n\nYes.\n",
        "> do you come?\nYes.\n",
        "Yes.\n\nAm 23.11.2026 um 10:00 schrieb Relais <relais@relais.example>:\n\n> Dear Ewa,\n",
    ],
)
def test_an_answer_above_or_below_what_it_quotes_is_kept(text: str) -> None:
    assert said_in(_plain(text)) == "Yes."


def test_an_answer_below_a_quote_of_html_is_kept() -> None:
    message = EmailMessage()
    message.set_content(
        "<p>On Mon, 23 Nov 2026 at 10:00, Relais &lt;relais@relais.example&gt; wrote:</p>"
        "<blockquote>Dear Ewa</blockquote><p>Yes.</p>",
        subtype="html",
    )
    assert said_in(message) == "Yes."


def test_a_mail_that_is_nothing_but_a_quote_is_kept_whole() -> None:
    """Better to read something twice than to lose it."""
    assert said_in(_plain("> Dear Ewa,\n> see above\n")) == "> Dear Ewa,\n> see above"


def test_words_in_characters_that_nobody_knows_are_read_as_far_as_they_can_be() -> None:
    strange = email.message_from_bytes(
        b"Content-Type: text/plain; charset=unknown-8bit\r\n\r\nYes, a\0t once \xff",
        policy=email.policy.default,
    )
    assert said_in(strange) == "Yes, at once \ufffd"


def test_a_mail_that_says_nothing_is_no_error() -> None:
    nothing = email.message_from_bytes(
        b"Subject: x\r\nContent-Type: image/png\r\n\r\n", policy=email.policy.default
    )
    assert said_in(nothing) == ""
