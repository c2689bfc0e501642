"""Cards for whoever teaches about single members: who may like a hello, what may be seen of one, and the files."""

import discord

from bot.coaching.checkin import Hello, HelloReason
from bot.coaching.cohort import SharedItem
from bot.coaching.ids import UserId
from bot.coaching.texts import plain
from bot.services.checkin import Checkin, MemberView
from bot.services.exports import ROWS_FILE, WEEKLY_FILE, Export
from bot.services.messages import CHECKIN, MemberList
from cogs.cards.messages import write_button
from cogs.cards.participation import row_text
from cogs.cards.shapes import Block, button, card, day_text, section, times
from storage.student_numbers import Claim

ROW_OFF = (
    "The participation row is off. Somebody with Manage Server may switch it on with `/cohort setup`; members are told."
)
RECORDED = "-# This look is recorded, and whoever you saw finds it under `/privacy seen`. Not for grading."
SMALLER_PLAN = (
    "I noticed the networking plan may not fit your weeks at the moment. Would a smaller one help? No effect on marks."
)
OPENERS = {
    HelloReason.ASKED: "You asked me to get in touch, and I am glad you did. What would help most at the moment?",
    HelloReason.NO_GOAL: SMALLER_PLAN,
    HelloReason.QUIET: SMALLER_PLAN,
    HelloReason.UNDELIVERABLE: (
        "The course's weekly notes do not reach you, because your direct messages from our server are closed. If you "
        "would like them, open them under Privacy Settings of the server. No effect on marks."
    ),
}
"""Words to begin with, for the instructor to copy and send themselves (method, section 6)."""


def checkin(value: Checkin, owner: UserId, greeted: UserId | None = None) -> discord.ui.LayoutView:
    """Return who may like a hello and why in words, each with *Greeted*, and words to begin with.

    `greeted`: whom the instructor has just greeted.
    """
    blocks: list[Block] = [f"## May like a hello\n-# {plain(value.cohort.name)}"]
    blocks += [] if greeted is None else [_greeted(value, greeted)]
    blocks += [
        section(
            f"<@{one.user_id}> · {'; '.join(_why(one, reason) for reason in one.reasons)}",
            button("Greeted", "cohort.hello", owner, one.enrolment_id, one.asked_at or 0, one.user_id),
        )
        for one in value.shown
    ]
    if not value.shown and greeted is None:
        blocks.append(
            "Nobody is on the list at the moment. Who joined before the participation row was switched on can be on it "
            "once they have used me again and were told."
        )
    if value.more_asked:
        blocks.append("-# Others have asked too; they show up here as you greet these.")
    words = list(dict.fromkeys(OPENERS[reason] for one in value.shown for reason in one.reasons))
    if words:
        blocks.append(
            "**Words to begin with**, to copy and make your own\n" + "\n".join(f"```\n{one}\n```" for one in words)
        )
    if value.shown:
        blocks.append([write_button(MemberList(CHECKIN), owner)])
    blocks += [_two_claims(one) for one in value.claims]
    if not value.cohort.participation_row:
        blocks.append(f"Listed are those who asked, and nobody else. {ROW_OFF} Then others may be listed too.")
    return card(
        *blocks,
        f"-# *Greeted* keeps somebody off the list for four weeks. I write to nobody by myself.\n{RECORDED}",
    )


def _two_claims(one: Claim) -> str:
    return (
        f"**Two claims**: <@{one.holder}> and <@{one.claimant}> both gave the student number {plain(one.number)}. Each "
        "can correct their own under `/privacy seen`."
    )


def _greeted(value: Checkin, who: UserId) -> str:
    if any(one.user_id == who for one in value.shown):
        return f"You greeted <@{who}>, who has asked again since and so is still on the list."
    rest = "The others have moved up." if value.shown else "Nobody is left on the list."
    return f"**<@{who}> is greeted.** {rest}"


def _why(one: Hello, reason: HelloReason) -> str:
    match reason:
        case HelloReason.ASKED:
            return f"asked you to get in touch, {day_text(one.since)}"
        case HelloReason.NO_GOAL:
            return "no goal yet after three weeks"
        case HelloReason.QUIET:
            return f"nothing logged or answered for {times(one.quiet, 'week', 'weeks')} of the course"
        case HelloReason.UNDELIVERABLE:
            return "notes cannot be delivered"


def member(value: MemberView) -> discord.ui.LayoutView:
    """Return what an instructor may see of one member, or how little that is and why."""
    who = f"<@{value.user_id}>"
    if not value.shows_something:
        return card(_nothing(value, who))
    blocks = [f"## What you may see of {who}"]
    if value.row is not None:
        blocks.append(f"**Participation**\n{row_text(value.row)}")
    else:
        blocks.append(_untold(who) if value.untold else f"-# {ROW_OFF}")
    if value.asked_on is not None:
        blocks.append(f"**They ask you to get in touch**, since {day_text(value.asked_on)}.")
    if value.number is not None:
        blocks.append(f"Student number or login: **{plain(value.number)}**{' · two claims' * value.two_claims}")
    blocks += [_shared(value, item) for item in value.shared]
    if not value.shared:
        blocks.append("They share nothing of their own.")
    return card(*blocks, RECORDED)


def _nothing(value: MemberView, who: str) -> str:
    if value.untold:
        return f"{_untold(who)} They share nothing of their own. Not for grading."
    return f"There is nothing to see of {who}: they share nothing of their own. {ROW_OFF} Not for grading."


def _untold(who: str) -> str:
    return (
        f"The participation row of {who} shows once they have used me again: they joined before it was switched on, "
        "and are told first."
    )


def _shared(value: MemberView, item: SharedItem) -> str:
    since = f"shared since {day_text(value.shared[item])}"
    match item:
        case SharedItem.GOAL:
            told = [
                f"> {plain(one.title)}, {one.target} a week for {times(one.weeks, 'week', 'weeks')}\n"
                f"> {plain(one.if_then)}"
                for one in value.goals
            ]
            return "\n".join([f"**Goal**, {since}", *(told or ["No goal runs at the moment."])])
        case SharedItem.REFLECTION:
            told = [f"> {plain(one.goal)}: {plain(one.text)}" for one in value.reflections]
            return "\n".join([f"**Reflections**, {since}", *(told or ["They have written none yet."])])


def export(value: Export, owner: UserId) -> discord.ui.LayoutView:
    """Return the card that the files of a course come with; it names each of them as an attachment."""
    blocks: list[Block] = [f"## Files of {plain(value.cohort.name)}"]
    if value.named and not value.files:
        blocks.append(f"There is nothing to name. {ROW_OFF}")
    for one in value.files:
        blocks += [_about(one.name, named=value.named), discord.ui.File(f"attachment://{one.name}")]
    if value.untold:
        blocks.append(
            "Members who joined before the row was switched on and have not used me since are left out: they are told "
            "first."
        )
    if not value.cohort.participation_row and not value.named:
        blocks.append(f"A file with one line for each member is not part of it. {ROW_OFF}")
    if value.cohort.participation_row and not value.named:
        blocks.append([button("With names …", "cohort.export_names", owner)])
    recorded = "This export is recorded, and everybody in it finds it under `/privacy seen`. " if _rows(value) else ""
    return card(
        *blocks,
        f"-# {recorded}Please keep the files as you keep other records of your class, and delete them when you are "
        "done. Not for grading.",
    )


def _rows(value: Export) -> bool:
    return any(one.name == ROWS_FILE for one in value.files)


def _about(name: str, *, named: bool) -> str:
    if name == WEEKLY_FILE:
        return "**The class week by week**, rounded as in `/cohort overview`:"
    if named:
        return "**One line for each member**, with display names as Discord has them now and the account's number:"
    return "**One line for each member**, under a pseudonym that is the same in every export of this course:"


def ask_names(owner: UserId) -> discord.ui.LayoutView:
    """Return the question before a file with names is made."""
    return card(
        "## A file with names?\n"
        "It says for each member by name what the participation row says. A file without names is enough for numbers "
        "and charts. Once it is on your disk I cannot take it back, not even when somebody has their data erased.",
        [button("Export with names", "cohort.export_named", owner)],
        "-# It is recorded, and everybody in it finds it under `/privacy seen`. Not for grading.",
    )
