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
    Stage,
    StageWords,
    Standing,
    Touch,
    Where,
    checked_contact,
    checked_nickname,
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
TOUCH_DAYS = {
    Stage.SPOTTED: None,
    Stage.NOTICED: 14,
    Stage.CONVERSED: 30,
    Stage.MET: 90,
    Stage.MUTUAL: 90,
    Stage.ADVOCATE: 120,
}
STAGES = {stage: StageWords("means", "next", days) for stage, days in TOUCH_DAYS.items()}
ANA = Contact(ContactId(1), "Dr K", Category.EXPERT, Stage.SPOTTED, START, None, None, rested=False)

KIND_NAMES = st.sampled_from(sorted(DIRECTIONS))
OUTCOMES = st.none() | st.sampled_from(Outcome)


def on(day: int) -> date:
    return START + timedelta(days=day)


def did(kind: str, day: int = 0, outcome: Outcome | None = None) -> Touch:
    return Touch(kind, DIRECTIONS[kind], outcome, on(day))


def with_(*touches: Touch, base: Stage = Stage.SPOTTED) -> Contact:
    return replace(ANA, base=base, touches=touches)


def after(*touches: Touch, base: Stage = Stage.SPOTTED) -> Standing:
    return with_(*touches, base=base).standing


def rank(contact: Contact) -> int:
    return ORDER.index(contact.standing.stage)


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


# How far a relation has come


@pytest.mark.parametrize(
    ("touch", "stage"),
    [
        (did("note"), Stage.SPOTTED),
        (did("follow", outcome=Outcome.IDEA), Stage.SPOTTED),
        (did("reply"), Stage.NOTICED),
        (did("reply", outcome=Outcome.NOTHING_YET), Stage.NOTICED),
        (did("credit"), Stage.NOTICED),
        (did("invite"), Stage.NOTICED),
        (did("post_work"), Stage.NOTICED),
        (did("talk"), Stage.CONVERSED),
        (did("chat"), Stage.CONVERSED),
        (did("reply", outcome=Outcome.REPLY), Stage.CONVERSED),
        (did("ask", outcome=Outcome.ADVICE), Stage.CONVERSED),
        (did("note", outcome=Outcome.REPLY), Stage.CONVERSED),
        (did("interview"), Stage.MET),
        (did("invite", outcome=Outcome.MEETING), Stage.MET),
        (did("reply", outcome=Outcome.OPENING), Stage.ADVOCATE),
        (did("interview", outcome=Outcome.OPENING), Stage.ADVOCATE),
    ],
)
def test_what_was_logged_decides_how_far_a_relation_has_come(touch: Touch, stage: Stage) -> None:
    assert after(touch).stage is stage


def test_help_both_ways_makes_a_relation_mutual_in_either_order() -> None:
    gave, got = did("introduce", 1), did("talk", 2, Outcome.RESOURCE)
    assert after(gave, got).stage is Stage.MUTUAL
    assert after(replace(got, on=on(1)), replace(gave, on=on(2))).stage is Stage.MUTUAL


def test_help_one_way_alone_is_not_mutual() -> None:
    assert after(did("interview", 0, Outcome.RESOURCE), did("interview", 9, Outcome.ADVICE)).stage is Stage.MET
    assert after(did("talk", 0), did("answer", 1), did("introduce", 2)).stage is Stage.CONVERSED


def test_crediting_somebody_whose_posts_gave_an_idea_is_not_mutual_while_they_never_answered() -> None:
    assert after(did("note", 0, Outcome.IDEA), did("credit", 1)).stage is Stage.NOTICED


def test_an_idea_from_what_somebody_posts_is_no_help_of_theirs_once_they_answer() -> None:
    assert after(did("note", 0, Outcome.IDEA), did("credit", 1), did("talk", 2)).stage is Stage.CONVERSED


def test_a_thank_you_is_no_help_in_return() -> None:
    assert after(did("interview", 0, Outcome.ADVICE), did("thank", 1)).stage is Stage.MET


@given(CONTACTS)
def test_nothing_that_is_logged_moves_a_relation_down(contact: Contact) -> None:
    reached = [rank(replace(contact, touches=contact.touches[:count])) for count in range(len(contact.touches) + 1)]
    assert reached[0] == ORDER.index(contact.base)
    assert reached == sorted(reached)


@given(CONTACTS, st.data())
def test_one_more_entry_anywhere_never_makes_a_relation_less(contact: Contact, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(contact.touches)))
    day = contact.touches[place - 1].on if place else START
    one = Touch(kind := data.draw(KIND_NAMES), DIRECTIONS[kind], data.draw(OUTCOMES), day)
    more = replace(contact, touches=(*contact.touches[:place], one, *contact.touches[place:]))
    assert rank(more) >= rank(contact)


@given(CONTACTS, st.sampled_from(sorted(ANSWERED_KINDS)))
def test_whoever_answered_is_at_least_somebody_one_conversed_with(contact: Contact, kind: str) -> None:
    spoken = replace(contact, touches=(*contact.touches, did(kind, 200)))
    assert rank(spoken) >= ORDER.index(Stage.MET if kind == "interview" else Stage.CONVERSED)


@given(CONTACTS)
def test_without_any_answer_nobody_gets_beyond_noticed(contact: Contact) -> None:
    silent = tuple(touch for touch in contact.touches if not touch.answered)
    reached = rank(replace(contact, base=Stage.SPOTTED, touches=silent))
    assert reached <= ORDER.index(Stage.NOTICED)


@given(CONTACTS)
def test_a_stage_dates_from_the_entry_that_raised_it_last(contact: Contact) -> None:
    counts = range(len(contact.touches) + 1)
    before = [replace(contact, touches=contact.touches[:count]) for count in counts]
    rises = [new.touches[-1].on for old, new in pairwise(before) if rank(new) > rank(old)]
    assert contact.standing.moved_on == (rises[-1] if rises else contact.based_on)


def test_reading_somebody_is_no_contact_with_them_unless_they_answered() -> None:
    assert after(did("reply", 1), did("note", 5)).last_on == on(1)
    assert after(did("note", 5)).last_on is None
    assert after(did("note", 5, Outcome.REPLY)).last_on == on(5)


# Meetings to thank for, advice to report back on


def test_a_meeting_waits_for_a_thank_you_and_a_thank_you_ends_the_wait() -> None:
    assert after(did("interview", 3)).met_on == on(3)
    assert after(did("interview", 3), did("reply", 4)).met_on == on(3)
    assert after(did("interview", 3), did("thank", 4)).met_on is None
    assert after(did("interview", 3), did("thank", 4), did("interview", 9)).met_on == on(9)


def test_a_talk_that_was_no_meeting_waits_for_no_thank_you() -> None:
    assert after(did("talk"), did("chat", 2), did("reply", 3, Outcome.REPLY)).met_on is None


def test_advice_waits_for_a_report_from_the_first_that_was_given() -> None:
    assert after(did("ask", 0, Outcome.ADVICE), did("reply", 30, Outcome.ADVICE)).advised_on == on(0)
    assert after(did("ask", 0, Outcome.ADVICE), did("thank", 25)).advised_on is None
    assert after(did("ask", 0, Outcome.ADVICE), did("thank", 25), did("ask", 40, Outcome.ADVICE)).advised_on == on(40)


@pytest.mark.parametrize("outcome", [None, Outcome.IDEA, Outcome.RESOURCE, Outcome.REPLY, Outcome.NOTHING_YET])
def test_what_was_no_advice_waits_for_no_report(outcome: Outcome | None) -> None:
    assert after(did("ask", 0, outcome)).advised_on is None


def test_a_thank_you_the_day_after_a_meeting_is_no_report_on_the_advice() -> None:
    assert after(did("interview", 0, Outcome.ADVICE), did("thank", 1)).advised_on == on(0)


# Tries, and leaving somebody in peace


def test_two_unanswered_tries_a_week_apart_let_somebody_rest_a_week_after_the_second() -> None:
    contact = with_(did("reply", 0), did("ask", 7))
    assert contact.standing.tries == 2
    assert not resting(contact, on(13))
    assert resting(contact, on(14))


def test_a_second_try_before_a_week_is_none() -> None:
    contact = with_(did("reply", 0), did("reply", 6))
    assert (contact.standing.tries, contact.standing.tried_on) == (1, on(0))
    assert not resting(contact, on(100))


def test_a_try_too_early_does_not_put_off_the_next_one() -> None:
    assert after(did("reply", 0), did("reply", 6), did("reply", 7)).tries == 2


@pytest.mark.parametrize("kind", sorted(TRIES))
def test_one_unanswered_try_is_not_enough_to_give_up(kind: str) -> None:
    assert not resting(with_(did(kind)), on(300))


@pytest.mark.parametrize("kind", sorted(set(DIRECTIONS) - TRIES - ANSWERED_KINDS))
def test_what_asks_for_no_answer_is_no_try(kind: str) -> None:
    assert after(did(kind, 0), did(kind, 7), did(kind, 14)).tries == 0


@given(CONTACTS, st.sampled_from(sorted(ANSWERS)), KIND_NAMES)
def test_an_answer_forgets_all_tries(contact: Contact, outcome: Outcome, kind: str) -> None:
    answered = replace(contact, rested=False, touches=(*contact.touches, did(kind, 200, outcome)))
    assert (answered.standing.tries, answered.standing.tried_on) == (0, None)
    assert not resting(answered, on(500))


@given(CONTACTS)
def test_tries_lie_at_least_a_week_apart(contact: Contact) -> None:
    since = max((place for place, touch in enumerate(contact.touches, 1) if touch.answered), default=0)
    tried = [touch.on for touch in contact.touches[since:] if touch.kind in TRIES]
    now = contact.standing
    assert now.tries <= len(tried)
    assert (now.tries > 0) == bool(tried)
    if tried and now.tried_on:
        assert now.tried_on in tried
        assert (now.tried_on - tried[0]).days >= 7 * (now.tries - 1)


@given(CONTACTS, st.integers(200, 400))
def test_whom_a_member_lets_rest_rests_whatever_was_logged(contact: Contact, day: int) -> None:
    assert resting(replace(contact, rested=True), on(day))


@given(CONTACTS)
def test_somebody_who_rests_still_rests_on_every_later_day(contact: Contact) -> None:
    days = [resting(contact, on(day)) for day in range(200, 230)]
    assert days == sorted(days)


# Signs of life


@pytest.mark.parametrize("stage", Stage)
def test_a_sign_of_life_is_due_as_often_as_the_stage_asks_from_the_last_contact_on(stage: Stage) -> None:
    days = TOUCH_DAYS[stage]
    expected = None if days is None else timedelta(days=days)
    assert touch_due(with_(base=stage), STAGES) == (expected and START + expected)
    assert touch_due(with_(did("thank", 5), did("note", 9), base=stage), STAGES) == (
        on(5) + timedelta(days=14) if expected is None else on(5) + expected
    )


def test_a_relation_is_cold_on_its_day_and_not_before() -> None:
    contact = with_(did("talk", 2))
    assert cold([contact], STAGES, on(31)) == []
    assert cold([contact], STAGES, on(32)) == [contact]


def test_neither_somebody_only_read_nor_somebody_at_rest_grows_cold() -> None:
    contacts = [with_(), with_(did("talk"), did("reply", 1), did("ask", 8)), replace(with_(did("talk")), rested=True)]
    assert cold(contacts, STAGES, on(300)) == []


def test_the_coldest_comes_first_and_of_two_on_one_day_the_one_known_longer() -> None:
    talked = [replace(with_(did("talk", day)), id=ContactId(number)) for number, day in ((3, 4), (2, 4), (1, 9))]
    assert [one.id for one in cold(talked, STAGES, on(100))] == [2, 3, 1]


# From day 230 on no try is so new that its answer may still come.
@given(st.lists(CONTACTS, max_size=6), st.integers(230, 400))
def test_the_cold_are_those_past_their_day_who_do_not_rest_longest_due_first(
    found: Sequence[Contact], day: int
) -> None:
    contacts = [replace(one, id=ContactId(number)) for number, one in enumerate(found)]
    chosen = cold(contacts, STAGES, on(day))
    due = {one.id: touch_due(one, STAGES) for one in contacts}
    past = {one.id for one in contacts if (when := due[one.id]) and when <= on(day) and not resting(one, on(day))}
    assert {one.id for one in chosen} == past
    days = [when for one in chosen if (when := due[one.id])]
    assert days == sorted(days)
    assert cold(contacts[::-1], STAGES, on(day)) == chosen


def test_a_try_has_waited_for_an_answer_after_a_week_and_not_before() -> None:
    contact = with_(did("invite", 3))
    assert unanswered([contact], on(9)) == []
    assert unanswered([contact], on(10)) == [contact]


@pytest.mark.parametrize(
    "contact",
    [
        with_(),
        with_(did("reply"), did("reply", 1, Outcome.REPLY)),
        with_(did("reply"), did("reply", 7)),
        replace(with_(did("reply")), rested=True),
    ],
    ids=["nothing tried", "answered", "tried twice", "at rest"],
)
def test_nobody_else_is_waited_for(contact: Contact) -> None:
    assert unanswered([contact], on(10)) == []


def test_of_several_the_one_tried_longest_ago_comes_first() -> None:
    tried = [replace(with_(did("ask", day)), id=ContactId(number)) for number, day in ((3, 4), (2, 4), (1, 9))]
    assert [one.id for one in unanswered(tried, on(20))] == [2, 3, 1]


@given(st.lists(st.sampled_from(Category)))
def test_breadth_counts_categories_and_never_people(categories: Sequence[Category]) -> None:
    assert filled([replace(ANA, category=one) for one in categories]) == set(categories)


# Nicknames

FINE = """
Dr K | night-shift Ana | 3rd-year Sam | ward B 2 | Prof. M | Dr. de Vries | O'Neil | J.R. | St. Mary's Jo | Mr. T
Sam (2nd row) | Ana & Bo | and/or Kim | Ana-Lena | Ünal | 小林さん | مريم | Ana 🙂 | Q&A host | Sam in Rome
A. in admin | No. 5 bus Lee | room 12-14 | class of 2024 | MSc 2024/25 | team 7 | lab 2.0 | coach #2 | 24/7 Joe
9-to-5 Kim | 10 km Ana | 8 a.m. runner | R2-D2 | COVID-19 Ana | C++ Kim | C# Lee | .NET Sam | Node.js Kim | A.I. Ben
U.S. Kim | Ph.D. Ana | ISO 27001 Ed | ward 12 night 3 | flat 4 - 5 - 6 | met 12.03.27 | coffee @ 5 | the one with 2 cats
""".replace("\n", "|").split("|")


@pytest.mark.parametrize("nickname", [text.strip() for text in FINE if text.strip()])
def test_a_nickname_is_taken_as_it_is(nickname: str) -> None:
    assert checked_nickname(nickname) == nickname


@pytest.mark.parametrize("nickname", ["Ana 2023-2024", "fair 2027-03-12", "fair 12.03.2027"])
def test_years_and_dates_are_no_private_data(nickname: str) -> None:
    assert checked_nickname(nickname) == nickname


@pytest.mark.parametrize("address", ["sam@example.org", "Sam.O@uni.example", "a+b@x.co", "sam@localhost", "<s@x.org>"])
def test_an_email_address_is_no_nickname(address: str) -> None:
    with pytest.raises(NicknameOnly):
        checked_nickname(address)


@pytest.mark.parametrize("handle", ["@sam_dev", "Sam @sam", "@sam@social.example", "<@123456789012345678>", "@Ана"])
def test_a_handle_is_no_nickname(handle: str) -> None:
    with pytest.raises(NicknameOnly):
        checked_nickname(handle)


@pytest.mark.parametrize(
    "number",
    [
        "+44 20 7946 0958",
        "+4917012345678",
        "0170 1234567",
        "0170/1234567",
        "(030) 1234567",
        "+1 (555) 010-9999",
        "555-0100",
        "555 0100",
        "06.12.34.56.78",
        "0 1 7 0 1 2 3 4",
        "Sam 5550100",
        "٠١٧٠١٢٣٤٥٦٧",
    ],
)
def test_a_telephone_number_is_no_nickname(number: str) -> None:
    with pytest.raises(NicknameOnly):
        checked_nickname(number)


@pytest.mark.parametrize(
    "number", ["0170/123456", "(030) 123456", "(06) 12 34 56", "030 / 12 34 56", "06 - 12 - 34 - 56"]
)
def test_a_telephone_number_in_another_spelling_is_no_nickname(number: str) -> None:
    with pytest.raises(NicknameOnly):
        checked_nickname(number)


@pytest.mark.parametrize(
    "link",
    [
        "https://x.example",
        "HTTP://x",
        "www.sam.example",
        "sam.dev",
        "linkedin.com/in/sam",
        "x.com/sam",
        "sam.github.io",
        "uni.ac.uk/~sam",
        "lnkd.in/abc",
        "t.me/sam",
        "see sam.de",
        "sam [at] uni.edu",
        "sam＠uni.edu",
    ],
)
def test_a_link_or_a_bare_domain_is_no_nickname(link: str) -> None:
    with pytest.raises(NicknameOnly):
        checked_nickname(link)


@pytest.mark.parametrize(
    "link",
    ["discord.gg/abc", "linktr.ee/sam", "bit.ly/sam", "youtu.be/abc", "sam.bsky.social", "mastodon.social", "sam.app"],
)
def test_a_link_to_where_people_are_found_is_no_nickname(link: str) -> None:
    with pytest.raises(NicknameOnly):
        checked_nickname(link)


@given(st.emails(), st.sampled_from(["", "Sam ", "mail: "]))
def test_no_email_address_gets_through(address: str, before: str) -> None:
    with pytest.raises((NicknameOnly, TextTooLong)):
        checked_nickname(before + address)


def reads_as_years(text: str) -> bool:
    """Return whether digits are a day of this century or the last, or two years of them."""
    years = [part for part in re.split(r"[ .-]+", text.strip(" .-")) if re.fullmatch(r"(?:19|20)\d\d", part)]
    rest = [int(part) for part in re.split(r"[ .-]+", text.strip(" .-")) if part.isdigit() and part not in years]
    return len(years) == 2 or (len(years) == 1 and len(rest) == 2 and all(1 <= one <= 31 for one in rest))


@pytest.mark.parametrize("number", ["00.0.2000", "0-12-1999", "2000.00.00", "45.67.2024", "2024-99-99"])
def test_what_only_looks_like_a_date_is_a_number(number: str) -> None:
    with pytest.raises(NicknameOnly):
        checked_nickname(number)


@given(st.lists(st.integers(0, 9), min_size=7, max_size=12), st.sampled_from(" .-()"), st.data())
def test_no_number_of_seven_digits_gets_through_however_it_is_parted(
    digits: Sequence[int], mark: str, data: st.DataObject
) -> None:
    text = "".join(str(digit) + data.draw(st.sampled_from(["", mark])) for digit in digits)
    assume(not reads_as_years(text))
    with pytest.raises(NicknameOnly):
        checked_nickname(text)


@given(st.from_regex(r"[A-Za-zÀ-ÖØ-öø-ÿ]{1,8}([ '-][A-Za-zÀ-ÖØ-öø-ÿ]{1,5}){0,2}( [0-9]{1,3})?", fullmatch=True))
def test_words_and_a_short_number_are_always_taken(nickname: str) -> None:
    assert checked_nickname(nickname) == nickname


@given(st.text(max_size=40))
def test_whatever_is_written_gives_a_short_nickname_or_a_refusal(text: str) -> None:
    try:
        nickname = checked_nickname(text)
    except Refusal:
        return
    assert 0 < len(nickname) <= NICKNAME_LIMIT
    assert nickname == " ".join(nickname.split())
    assert checked_nickname(nickname) == nickname


def test_a_nickname_that_is_empty_or_too_long_is_refused_by_its_length() -> None:
    with pytest.raises(TextMissing, match="The nickname is empty"):
        checked_nickname("  ")
    with pytest.raises(TextTooLong, match="The nickname has 25 characters; 24 fit"):
        checked_nickname("n" * 25)


def test_a_contact_is_kept_with_clean_texts_and_everything_else_as_chosen() -> None:
    draft = ContactDraft("  Dr  K ", Category.MENTOR, Stage.MET, Where.LOCAL, " water\nlabs ")
    assert checked_contact(draft) == replace(draft, nickname="Dr K", shares="water labs")
    assert checked_contact(ContactDraft("Dr K", Category.PEER, shares=" ")).shares is None


def test_what_is_shared_with_somebody_gives_nobody_away_either() -> None:
    for private in ("sam@example.org", "+44 20 7946 0958", "see www.sam.example"):
        with pytest.raises(NicknameOnly):
            checked_contact(ContactDraft("Dr K", Category.PEER, shares=private))
    with pytest.raises(TextTooLong, match="What you share has 61 characters; 60 fit"):
        checked_contact(ContactDraft("Dr K", Category.PEER, shares="s" * (SHARES_LIMIT + 1)))


# Alerts

ALERT = Alert(AlertId(1), AlertKind.INTERNSHIP, "water", None, None, START, None)


def test_an_alert_gives_the_words_to_search_for_with_phrases_in_quotes() -> None:
    assert ALERT.query == "water"
    assert replace(ALERT, role="lab assistant", place="New York").query == '"lab assistant" water "New York"'


def test_an_alert_is_asked_about_after_four_weeks_and_again_four_weeks_after_the_answer() -> None:
    assert to_ask([ALERT], on(27)) == []
    assert to_ask([ALERT], on(28)) == [ALERT]
    kept = replace(ALERT, asked_on=on(30))
    assert to_ask([kept], on(57)) == []
    assert to_ask([kept], on(58)) == [kept]


def test_the_alert_that_ran_longest_without_a_word_is_asked_about_first() -> None:
    alerts = [
        replace(ALERT, id=AlertId(3), asked_on=on(40)),
        replace(ALERT, id=AlertId(2), on_since=on(10)),
        replace(ALERT, id=AlertId(1), on_since=on(10)),
        replace(ALERT, id=AlertId(4), asked_on=on(90)),
    ]
    assert [one.id for one in to_ask(alerts, on(100))] == [1, 2, 3]
