"""Cards about feedback: what a member tells the instructors, and what they read."""

import discord

from bot.coaching.cohort import Cohort
from bot.coaching.ids import UserId
from bot.coaching.texts import plain
from bot.services.feedback import TEXT_LIMIT, FeedbackPage, How, Told
from cogs.cards import shapes
from cogs.cards.checked import not_watched
from cogs.cards.shapes import BLUE, Field, button, card, cut, day_text, section
from storage.feedback import Feedback

HOW = {
    How.UNSIGNED: "Without my name",
    How.SIGNED: "Signed with my name",
    How.CONTACT: "Please get in touch with me",
}
WITH_NOTE = "note"
TITLE = "To your instructors"


def form(course: Cohort, help_lines: str, owner: UserId) -> discord.ui.Modal:
    """Return the form for a question or a comment to the instructors of a course."""
    fields = [
        # Optional: whoever asks to be contacted need not say why.
        Field(
            "text", "Your question or comment", TEXT_LIMIT, optional=True, long=True,
            hint=f"For {cut(course.name, 40)}. Empty is fine if they are to get in touch.",
            example="Could we look at one good first message together?",
        ),
        Field("how", "How?", HOW, open=True, hint="Without your name, nothing about you is kept with it."),
    ]  # fmt: skip
    below = not_watched(course.support_contact, help_lines)
    return shapes.form(TITLE, "feedback.send", owner, fields, course.id, filled={"how": How.UNSIGNED}, below=below)


def answer(course: Cohort, help_lines: str, owner: UserId) -> discord.ui.Modal:
    """Return the form for an answer to an instructor's message, which is always signed."""
    hint = f"Signed with your name; every instructor of {cut(course.name, 40)} can read it."
    text = Field("text", "Your answer", TEXT_LIMIT, long=True, hint=hint)
    below = not_watched(course.support_contact, help_lines)
    return shapes.form(TITLE, "feedback.answer", owner, [text], course.id, below=below)


def told(value: Told, owner: UserId) -> discord.ui.LayoutView:
    """Show what instructors will see of what was just written, word for word, and the date beside it."""
    quote = f"> {plain(value.text)}" if value.text else None
    week = f"the week of {day_text(value.week)}"
    course = plain(value.course)
    match value.how:
        case How.UNSIGNED:
            return card(
                f"## It is with your instructors\nThose of {course} see these words:",
                quote,
                f"Beside them they see {week}, never the day or the hour, and no name: none is kept. That also means "
                "that no answer can find you in private; if you want one, sign the next one.",
            )
        case How.SIGNED:
            return card(
                f"## It is with your instructors\nThose of {course} see these words, signed by you:",
                quote,
                f"Beside them they see {week}, never the day or the hour. It is not for grading.",
            )
        case How.CONTACT:
            return card(
                f"## Your instructors know\nThose of {course} see your name, and {day_text(value.on)} as the day you "
                "asked, so that one of them can get in touch when they next look.",
                quote and f"With it they see these words, signed, and {week}:",
                quote,
                "It is not for grading, and it says nothing about how you are doing. If it is no longer needed, take "
                "it back.",
                [button("Take it back", "feedback.take_back", owner, *([WITH_NOTE] if quote else []))],
            )


def taken_back(*, was_open: bool, with_note: bool) -> discord.ui.LayoutView:
    """Confirm that a request to be contacted is taken back."""
    if not was_open:
        return card("No request of yours is open, so there is nothing to take back. `/feedback` makes a new one.")
    note = " The words you sent with it stay with them." if with_note else ""
    return card(f"Taken back: your name is off their list.{note} You may ask again at any time with `/feedback`.")


def page(value: FeedbackPage, owner: UserId) -> discord.ui.LayoutView:
    """Show instructors who asked to be contacted, each with *Greeted*, then the texts, newest first."""
    waiting = [
        section(
            f"<@{one.user_id}> · since {day_text(one.since)}",
            button("Greeted", "cohort.greeted", owner, one.enrolment_id, one.asked_at),
        )
        for one in value.waiting
    ]
    nothing = (
        "Nobody has written yet. Members find `/feedback` in the server and in my direct messages."
        if value.newest
        else "There is nothing older."
    )
    return card(
        f"## What your class tells you\n-# {plain(value.cohort.name)}",
        "**They asked you to get in touch**, longest waiting first" if waiting else None,
        *waiting,
        "-# Others wait too; they show up here as you greet these." if value.more_waiting else None,
        *[_text(one) for one in value.texts],
        None if value.texts else nothing,
        [
            None if value.newest else button("Newest", "cohort.feedback", owner),
            None if value.older is None else button("Older", "cohort.feedback", owner, value.older, style=BLUE),
        ],
        "-# Unsigned words have no author anywhere; please do not try to guess one. Not for grading.",
    )


def _text(one: Feedback) -> str:
    mark = "" if one.read else "**New** · "
    who = "not signed" if one.author is None else f"signed by <@{one.author}>"
    return f"{mark}week of {day_text(one.week)} · {who}\n> {plain(one.text)}"
