"""Cards for instructors about single members: who might welcome a hello, and what may be seen of one."""

import discord

from bot.coaching.checkin import Hello, HelloReason
from bot.coaching.cohort import SharedItem
from bot.coaching.goals import rate
from bot.coaching.ids import UserId
from bot.coaching.texts import plain
from bot.services.checkin import Checkin, MemberView
from bot.services.messages import CHECKIN, MemberList
from cogs.cards.messages import write_button
from cogs.cards.register import row_text
from cogs.cards.shapes import Block, button, card, copyable, cut, day_text, moment_text, not_for_grading, section, times
from cogs.routes import ANYONE

NO_REGISTER = "This course has no register, so you see what members share with you and who asks for you."
RECORDED = "-# This look is recorded, and whoever you saw finds it under `/privacy seen`."
SMALLER_PLAN = (
    "I noticed the networking plan may not fit your weeks at the moment. Would a smaller one help? No effect on marks."
)
LINES_ROOM, LEAST_ROOM = 500, 30
"""Characters of handed-in lines on a member's card; the fewer beside reflections."""
HELLO = "How is it going with your network? If something would make it easier, I am glad to help. No effect on marks."
OPENERS = {
    HelloReason.ASKED: "You asked me to get in touch, and I am glad you did. What would help most at the moment?",
    HelloReason.NO_GOAL: SMALLER_PLAN,
    HelloReason.QUIET: SMALLER_PLAN,
    HelloReason.UNDELIVERABLE: (
        "The course's weekly notes do not reach you, because your direct messages from our server are closed. If you "
        "would like them, open them under Privacy Settings of the server. No effect on marks."
    ),
}
"""Words to begin with, for the instructor to copy and send themselves."""


def checkin(value: Checkin, owner: UserId, greeted: UserId | None = None) -> discord.ui.LayoutView:
    """List a page of those who might welcome a hello and why, each with *Greeted*, and words to begin with.

    `greeted`: whom the instructor has just greeted.
    """
    who = "Nobody at the moment" if not value.total else times(value.total, "person", "people")
    rows = [
        section(
            f"<@{one.user_id}> · {'; '.join(_why(one, reason) for reason in one.reasons)}",
            button("Greeted", "cohort.hello", owner, one.enrolment_id, one.asked_at or 0, one.user_id, value.page),
        )
        for one in value.shown
    ]
    pages = [("Back", value.page - 1), ("Next", value.page + 1)]
    words = dict.fromkeys(OPENERS[reason] for one in value.shown for reason in one.reasons)
    where = f"Page {value.page + 1} of {value.pages}. " if value.pages > 1 else ""
    return card(
        f"## Might welcome a hello\n**{who}** · {plain(value.cohort.name)}",
        None if greeted is None else _greeted(value, greeted),
        *rows,
        [
            *[button(label, "cohort.checkin", owner, page) for label, page in pages if 0 <= page < value.pages],
            write_button(MemberList(CHECKIN), owner) if rows else None,
        ],
        "\n".join(["**Words to begin with**, to copy and make your own", *map(copyable, words)]) if words else None,
        *[
            f"**Two claims**: <@{one.holder}> and <@{one.claimant}> both gave the student number {plain(one.number)}. "
            "Each can correct their own under `/privacy seen`."
            for one in value.claims
        ],
        None if value.cohort.register else "Listed are those who asked: this course has no register.",
        f"-# {where}*Greeted* keeps somebody off the list for four weeks.\n{RECORDED} Not for grading.",
    )


def _greeted(value: Checkin, who: UserId) -> str:
    if any(one.user_id == who for one in value.shown):
        return f"You greeted <@{who}>, who has asked again since and so is still on the list."
    return f"**<@{who}> is greeted.**"


def _why(one: Hello, reason: HelloReason) -> str:
    match reason:
        case HelloReason.ASKED:
            return f"asked you to get in touch, {day_text(one.since)}"
        case HelloReason.NO_GOAL:
            return "no goal yet after three weeks"
        case HelloReason.QUIET:
            return f"nothing logged, answered or done for {times(one.quiet, 'week', 'weeks')} of the course"
        case HelloReason.UNDELIVERABLE:
            return "notes cannot reach them"


def member(value: MemberView) -> discord.ui.LayoutView:
    """Show what an instructor may see of one member, or how little that is and why."""
    who = f"<@{value.user_id}>"
    if not value.shows_something:
        return card(f"{_no_row(value, who)} They share nothing of their own. Not for grading.")
    opener = OPENERS[HelloReason.ASKED] if value.asked_on else HELLO
    return card(
        f"## What you may see of {who}",
        f"-# {_no_row(value, who)}" if value.row is None else row_text(value.row),
        value.asked_on and f"**They ask you to get in touch**, since {day_text(value.asked_on)}.",
        _number(value),
        _handed_in(value),
        *[_shared(value, item) for item in value.shared],
        *_portfolio(value),
        None if value.shared or value.portfolio_on else "They share nothing of their own.",
        f"**Words to begin with**, to make your own\n{copyable(opener)}" if value.row and not value.row.left else None,
        f"{RECORDED} {not_for_grading(value.cohort.steps_count)}",
    )


def _portfolio(value: MemberView) -> list[Block]:
    if value.portfolio_on is None:
        return []
    open_it = button("Portfolio", "portfolio.read", ANYONE, value.user_id)
    return [section(f"**Portfolio**, shared since {day_text(value.portfolio_on)}", open_it)]


def _number(value: MemberView) -> str | None:
    if value.number is None and not value.two_claims:
        return None
    number = "none, somebody else has it" if value.number is None else plain(value.number)
    return f"Student number or login: **{number}**{' · two claims' * value.two_claims}"


def _handed_in(value: MemberView) -> str | None:
    """Return what they handed in, the newest lines first, as many as have room."""
    lines: list[str] = []
    room = LEAST_ROOM if value.reflections else LINES_ROOM
    for number, line in reversed(value.lines):
        shown = cut(f"> Week {number}: {plain(line)}", room)
        if sum(map(len, lines)) + len(shown) > room:
            break
        lines.append(shown)
    more = "\n-# *Hand-ins* has all of them." if room > LEAST_ROOM and len(lines) < len(value.lines) else ""
    return "\n".join(["**Handed in**", *lines]) + more if lines else None


def _no_row(value: MemberView, who: str) -> str:
    """Return why there is no row of a member to see."""
    if not value.cohort.register:
        return f"There is no row of {who} to see. {NO_REGISTER}"
    if value.coming is None:
        return f"The row of {who} shows seven days after they were told of the register."
    return f"The row of {who} shows from {moment_text(value.coming, value.cohort.zone)} on."


def _shared(value: MemberView, item: SharedItem) -> str:
    since = f"shared since {day_text(value.shared[item])}"
    if item is SharedItem.GOAL:
        goals = [
            f"> {plain(one.title)}, {rate(one.target, one.every_weeks)} for {times(one.weeks, 'week', 'weeks')}\n"
            f"> {plain(one.if_then)}"
            for one in value.goals
        ]
        return "\n".join([f"**Goal**, {since}", *(goals or ["No goal runs at the moment."])])
    reflections = [f"> {plain(one.goal)}: {plain(one.text)}" for one in value.reflections]
    return "\n".join([f"**Reflections**, {since}", *(reflections or ["They have written none yet."])])
