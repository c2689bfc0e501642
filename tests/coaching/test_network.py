"""The network: how far a relation has come, whom to write to, and nicknames that identify nobody."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.coaching.errors import NicknameOnly, Refusal, TextMissing, TextTooLong
from bot.coaching.ids import AlertId, ContactId
from bot.coaching.log import Outcome
from bot.coaching.network import (
    ANSWERED_KINDS,
    ANSWERS,
    NICKNAME_LIMIT,
    SHARES_LIMIT,
    TRIES,
    Alert,
    AlertKind,
    Category,
    Contact,
    ContactDraft,
    Relation,
    Stage,
    StageWords,
    Touch,
    Where,
    checked_contact,
    cold,
    filled,
    resting,
    to_ask,
    touch_due,
    unanswered,
)
from tests.coaching.words import DIRECTIONS

START = date(2027, 2, 1)
ORDER = list(Stage)
# Method, section 3: every how many days a stage wants a sign of life.
TOUCH_DAYS = dict(zip(Stage, (None, 14, 30, 90, 90, 120), strict=True))
STAGES = {stage: StageWords("means", "next", days) for stage, days in TOUCH_DAYS.items()}
ANA = Contact(ContactId(1), "Dr K", Category.EXPERT, Stage.SPOTTED, START, None, None, rested=False)

KIND_NAMES = st.sampled_from(sorted(DIRECTIONS))
OUTCOMES = st.none() | st.sampled_from(Outcome)


def on(day: int) -> date:
    return START + timedelta(days=day)


def did(kind: str, day: int = 0, outcome: Outcome | None = None) -> Touch:
    return Touch(kind, DIRECTIONS[kind], outcome, on(day))


def with_(*touches: Touch, number: int = 1, base: Stage = Stage.SPOTTED, rested: bool = False) -> Contact:
    return replace(ANA, id=ContactId(number), base=base, rested=rested, touches=touches)


def after(*touches: Touch, base: Stage = Stage.SPOTTED) -> Relation:
    return with_(*touches, base=base).relation


def rank(contact: Contact) -> int:
    return ORDER.index(contact.relation.stage)


TOUCHES = st.lists(st.builds(did, KIND_NAMES, st.integers(0, 200), OUTCOMES), max_size=12).map(
    lambda touches: tuple(sorted(touches, key=lambda touch: touch.on))
)
CONTACTS = st.builds(
    Contact,
    st.just(ANA.id),
    st.just(ANA.nickname),
    st.just(ANA.category),
    base=st.sampled_from(Stage),
    based_on=st.just(START),
    where=st.none(),
    shares=st.none(),
    rested=st.booleans(),
    touches=TOUCHES,
)


# Stages


@pytest.mark.parametrize(
    ("touch", "stage"),
    [
        (did("follow", outcome=Outcome.IDEA), Stage.SPOTTED),
        (did("reply", outcome=Outcome.NOTHING_YET), Stage.NOTICED),
        (did("post_work"), Stage.NOTICED),
        (did("chat"), Stage.CONVERSED),
        (did("ask", outcome=Outcome.ADVICE), Stage.CONVERSED),
        (did("note", outcome=Outcome.REPLY), Stage.CONVERSED),
        (did("interview"), Stage.MET),
        (did("invite", outcome=Outcome.MEETING), Stage.MET),
        (did("interview", outcome=Outcome.OPENING), Stage.ADVOCATE),
    ],
)
def test_stage_follows_from_what_was_logged(touch: Touch, stage: Stage) -> None:
    assert after(touch).stage is stage


def test_help_both_ways_makes_a_relation_mutual_in_either_order() -> None:
    gave, got = did("introduce", 1), did("talk", 2, Outcome.RESOURCE)
    assert after(gave, got).stage is Stage.MUTUAL
    assert after(replace(got, on=on(1)), replace(gave, on=on(2))).stage is Stage.MUTUAL
    assert after(did("interview", 0, Outcome.RESOURCE), did("interview", 9, Outcome.ADVICE)).stage is Stage.MET
    assert after(did("talk", 0), did("answer", 1), did("introduce", 2)).stage is Stage.CONVERSED


def test_thanks_and_ideas_from_public_posts_are_no_help() -> None:
    assert after(did("note", 0, Outcome.IDEA), did("credit", 1)).stage is Stage.NOTICED
    assert after(did("note", 0, Outcome.IDEA), did("credit", 1), did("talk", 2)).stage is Stage.CONVERSED
    assert after(did("interview", 0, Outcome.ADVICE), did("thank", 1)).stage is Stage.MET


@given(CONTACTS, st.data())
def test_another_entry_anywhere_never_lowers_a_stage(contact: Contact, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(contact.touches)))
    day = contact.touches[place - 1].on if place else START
    touch = replace(did(data.draw(KIND_NAMES), 0, data.draw(OUTCOMES)), on=day)
    more = replace(contact, touches=(*contact.touches[:place], touch, *contact.touches[place:]))
    assert rank(more) >= rank(contact) >= ORDER.index(contact.base)


@given(CONTACTS, st.sampled_from(sorted(ANSWERED_KINDS)))
def test_without_an_answer_nobody_gets_beyond_noticed(contact: Contact, kind: str) -> None:
    silent = tuple(touch for touch in contact.touches if not touch.answered)
    assert rank(with_(*silent)) <= ORDER.index(Stage.NOTICED)
    assert rank(with_(*silent, did(kind, 200))) >= ORDER.index(Stage.MET if kind == "interview" else Stage.CONVERSED)


@given(CONTACTS)
def test_stage_dates_from_the_entry_that_raised_it_last(contact: Contact) -> None:
    counts = range(len(contact.touches) + 1)
    before = [replace(contact, touches=contact.touches[:count]) for count in counts]
    rises = [new.touches[-1].on for old, new in pairwise(before) if rank(new) > rank(old)]
    assert contact.relation.moved_on == (rises[-1] if rises else contact.based_on)


def test_reading_somebody_is_no_contact_unless_they_answered() -> None:
    assert after(did("reply", 1), did("note", 5)).last_on == on(1)
    assert after(did("note", 5)).last_on is None
    assert after(did("note", 5, Outcome.REPLY)).last_on == on(5)


def test_meeting_waits_for_thanks() -> None:
    assert after(did("interview", 3), did("reply", 4)).met_on == on(3)
    assert after(did("interview", 3), did("thank", 4)).met_on is None
    assert after(did("interview", 3), did("thank", 4), did("interview", 9)).met_on == on(9)
    assert after(did("talk"), did("chat", 2), did("reply", 3, Outcome.REPLY)).met_on is None


def test_advice_waits_for_a_report_that_next_day_thanks_are_not() -> None:
    first = did("ask", 0, Outcome.ADVICE)
    assert after(first, did("reply", 30, Outcome.ADVICE)).advised_on == on(0)
    assert after(first, did("thank", 1)).advised_on == on(0)
    assert after(first, did("thank", 25)).advised_on is None
    assert after(first, did("thank", 25), did("ask", 40, Outcome.ADVICE)).advised_on == on(40)
    assert after(did("ask", 0, Outcome.REPLY)).advised_on is None


# Tries and rest


def test_two_unanswered_tries_a_week_apart_let_a_contact_rest() -> None:
    contact = with_(did("reply", 0), did("ask", 7))
    assert contact.relation.tries == 2
    assert not resting(contact, on(13))
    assert resting(contact, on(14))


def test_second_try_within_a_week_neither_counts_nor_delays_the_next() -> None:
    contact = with_(did("reply", 0), did("reply", 6))
    assert (contact.relation.tries, contact.relation.tried_on) == (1, on(0))
    assert not resting(contact, on(100))
    assert after(did("reply", 0), did("reply", 6), did("reply", 7)).tries == 2


@pytest.mark.parametrize("kind", sorted(set(DIRECTIONS) - ANSWERED_KINDS))
def test_only_kinds_that_expect_an_answer_are_tries(kind: str) -> None:
    assert after(did(kind, 0), did(kind, 7), did(kind, 14)).tries == (3 if kind in TRIES else 0)


@given(CONTACTS, st.sampled_from(sorted(ANSWERS)), KIND_NAMES)
def test_answer_ends_all_tries(contact: Contact, outcome: Outcome, kind: str) -> None:
    answered = replace(contact, rested=False, touches=(*contact.touches, did(kind, 200, outcome)))
    assert (answered.relation.tries, answered.relation.tried_on) == (0, None)
    assert not resting(answered, on(500))


@given(CONTACTS)
def test_tries_lie_at_least_a_week_apart(contact: Contact) -> None:
    since = max((place for place, touch in enumerate(contact.touches, 1) if touch.answered), default=0)
    tried = [touch.on for touch in contact.touches[since:] if touch.kind in TRIES]
    relation = contact.relation
    assert (relation.tries > 0) == bool(tried)
    if tried and relation.tried_on:
        assert relation.tried_on in tried
        assert (relation.tried_on - tried[0]).days >= 7 * (relation.tries - 1)


@given(CONTACTS)
def test_contact_at_rest_stays_at_rest(contact: Contact) -> None:
    days = [resting(contact, on(day)) for day in range(200, 230)]
    assert days == sorted(days)
    assert resting(replace(contact, rested=True), on(200))


# Whom to write to


@pytest.mark.parametrize("stage", Stage)
def test_sign_of_life_is_due_as_often_as_the_stage_asks(stage: Stage) -> None:
    days = TOUCH_DAYS[stage]
    assert touch_due(with_(base=stage), STAGES) == (None if days is None else on(days))
    assert touch_due(with_(did("thank", 5), did("note", 9), base=stage), STAGES) == on(5 + (days or 14))


def test_relation_is_cold_from_its_day_on_unless_at_rest() -> None:
    contact = with_(did("talk", 2))
    assert cold([contact], STAGES, on(31)) == []
    assert cold([contact], STAGES, on(32)) == [contact]
    others = [with_(), with_(did("talk"), did("reply", 1), did("ask", 8)), with_(did("talk"), rested=True)]
    assert cold(others, STAGES, on(300)) == []


@given(st.lists(CONTACTS, max_size=6), st.integers(200, 400))
def test_cold_lists_everybody_past_their_day_longest_first(people: Sequence[Contact], day: int) -> None:
    contacts = [replace(contact, id=ContactId(number)) for number, contact in enumerate(people)]
    due = {contact.id: touch_due(contact, STAGES) for contact in contacts}
    past = [
        (when, one.id)
        for one in contacts
        if (when := due[one.id]) and when <= on(day) and not resting(one, on(day)) and not _may_answer(one, on(day))
    ]
    assert [contact.id for contact in cold(contacts[::-1], STAGES, on(day))] == [number for _, number in sorted(past)]


def _may_answer(contact: Contact, today: date) -> bool:
    """Say whether a try without an answer is at most four weeks old: a sign of life would press."""
    tried_on = contact.relation.tried_on
    return contact.relation.tries > 0 and tried_on is not None and today - tried_on <= timedelta(days=28)


def test_try_waits_for_an_answer_from_a_week_to_four_weeks() -> None:
    contact = with_(did("invite", 3))
    assert [day for day in range(60) if unanswered([contact], on(day))] == list(range(10, 32))
    tried = [with_(did("ask", day), number=number) for number, day in ((3, 4), (2, 4), (1, 9))]
    assert [one.id for one in unanswered(tried, on(20))] == [2, 3, 1]


@pytest.mark.parametrize(
    "contact",
    [
        with_(),
        with_(did("reply"), did("reply", 1, Outcome.REPLY)),
        with_(did("reply"), did("reply", 7)),
        with_(did("reply"), rested=True),
    ],
    ids=["nothing tried", "answered", "tried twice", "at rest"],
)
def test_nobody_else_is_awaited(contact: Contact) -> None:
    assert unanswered([contact], on(10)) == []


def test_breadth_counts_categories_and_never_people() -> None:
    assert filled([ANA, ANA, replace(ANA, category=Category.PEER)]) == {Category.EXPERT, Category.PEER}


# Nicknames


def nickname(text: str) -> str:
    return checked_contact(ContactDraft(text, Category.PEER)).nickname


FINE = """
Dr K | night-shift Ana | 3rd-year Sam | Prof. M | Dr. de Vries | J.R. | St. Mary's Jo | Sam (2nd row) | and/or Kim
小林さん | مريم | Ana 🙂 | A. in admin | No. 5 bus Lee | room 12-14 | class of 2024 | MSc 2024/25 | lab 2.0 | coach #2
24/7 Joe | 9-to-5 Kim | 8 a.m. runner | R2-D2 | C# Lee | .NET Sam | Node.js Kim | A.I. Ben | U.S. Kim | Ph.D. Ana
ISO 27001 Ed | ward 12 night 3 | flat 4 - 5 - 6 | met 12.03.27 | coffee @ 5 | Ana 2023-2024 | fair 12.03.2027
""".strip().replace("\n", " | ").split(" | ")  # fmt: skip
PRIVATE = """
sam@example.org | Sam.O@uni.example | sam@localhost | @sam_dev | Sam @sam | <@123456789012345678> | @Ана
+44 20 7946 0958 | 0170/1234567 | (030) 1234567 | 555-0100 | 555 0100 | 06.12.34.56.78 | 0 1 7 0 1 2 3 4 | ٠١٧٠١٢٣٤٥٦٧
(06) 12 34 56 | 06 - 12 - 34 - 56 | 00.0.2000 | 2024-99-99 | https://x.example | HTTP://x | www.sam.example | sam.dev
x.com/sam | sam.github.io | uni.ac.uk/~sam | t.me/sam | see sam.de | sam＠uni.edu | discord.gg/abc | sam.bsky.social
""".strip().replace("\n", " | ").split(" | ")  # fmt: skip


@pytest.mark.parametrize("text", FINE)
def test_nickname_is_accepted_as_it_is(text: str) -> None:
    assert nickname(text) == text


@pytest.mark.parametrize("text", PRIVATE)
def test_address_handle_number_or_link_is_no_nickname(text: str) -> None:
    with pytest.raises(NicknameOnly):
        nickname(text)
    with pytest.raises((NicknameOnly, TextTooLong)):
        checked_contact(ContactDraft("Dr K", Category.PEER, shares=text))


@pytest.mark.parametrize("text", ["ASP.NET group", "Sam, 12/10 14:30", "and/or", "Dr. K.", "v2.0 team"])
def test_words_with_dots_or_slashes_a_day_and_a_time_are_accepted(text: str) -> None:
    assert nickname(text) == text


@given(st.emails(), st.sampled_from(["", "Sam ", "mail: "]))
def test_no_email_address_passes(address: str, before: str) -> None:
    with pytest.raises((NicknameOnly, TextTooLong)):
        nickname(before + address)


def reads_as_years(text: str) -> bool:
    """Return whether digits are a day of this century or the last, or two years of them."""
    parts = re.split(r"[ .-]+", text.strip(" .-"))
    years = [part for part in parts if re.fullmatch(r"(?:19|20)\d\d", part)]
    rest = [int(part) for part in parts if part.isdigit() and part not in years]
    return len(years) == 2 or (len(years) == 1 and len(rest) == 2 and all(1 <= day <= 31 for day in rest))


@given(st.lists(st.integers(0, 9), min_size=7, max_size=12), st.sampled_from(" .-()"), st.data())
def test_no_number_of_seven_digits_passes(digits: Sequence[int], mark: str, data: st.DataObject) -> None:
    text = "".join(str(digit) + data.draw(st.sampled_from(["", mark])) for digit in digits)
    assume(not reads_as_years(text))
    with pytest.raises(NicknameOnly):
        nickname(text)


@given(st.from_regex(r"[A-Za-zÀ-ÖØ-öø-ÿ]{1,8}([ '-][A-Za-zÀ-ÖØ-öø-ÿ]{1,5}){0,2}( [0-9]{1,3})?", fullmatch=True))
def test_words_and_a_short_number_are_always_accepted(text: str) -> None:
    assert nickname(text) == text


@given(st.text(max_size=40))
def test_any_text_gives_a_short_nickname_or_a_refusal(text: str) -> None:
    try:
        accepted = nickname(text)
    except Refusal:
        return
    assert 0 < len(accepted) <= NICKNAME_LIMIT
    assert nickname(accepted) == accepted == " ".join(accepted.split())


def test_contact_keeps_every_choice_and_clean_texts() -> None:
    draft = ContactDraft("  Dr  K ", Category.MENTOR, Stage.MET, Where.LOCAL, " water\nlabs ")
    assert checked_contact(draft) == replace(draft, nickname="Dr K", shares="water labs")
    assert checked_contact(ContactDraft("Dr K", Category.PEER, shares=" ")).shares is None


def test_texts_of_a_contact_have_limits() -> None:
    with pytest.raises(TextMissing, match="The nickname is empty"):
        nickname("  ")
    with pytest.raises(TextTooLong, match="The nickname has 25 characters; 24 fit"):
        nickname("n" * 25)
    with pytest.raises(TextTooLong, match="What you share has 61 characters; 60 fit"):
        checked_contact(ContactDraft("Dr K", Category.PEER, shares="s" * (SHARES_LIMIT + 1)))


# Alerts

ALERT = Alert(AlertId(1), AlertKind.INTERNSHIP, "water", None, None, START, None)


def test_alert_gives_the_words_to_search_for() -> None:
    assert ALERT.query == "water"
    assert replace(ALERT, role="lab assistant", place="New York").query == '"lab assistant" water "New York"'


def test_alert_is_asked_about_every_four_weeks_longest_first() -> None:
    asked = replace(ALERT, asked_on=on(30))
    assert [day for day in (27, 28) if to_ask([ALERT], on(day))] == [28]
    assert [day for day in (57, 58) if to_ask([asked], on(day))] == [58]
    since = {3: on(40), 2: on(10), 1: on(10), 4: on(90)}
    alerts = [replace(ALERT, id=AlertId(number), asked_on=day) for number, day in since.items()]
    assert [alert.id for alert in to_ask(alerts, on(100))] == [1, 2, 3]
