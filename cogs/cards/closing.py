"""Cards about the weekly digest and the end of a course."""

from datetime import date

import discord

from bot.coaching.cohort import Cohort
from bot.coaching.ids import UserId
from bot.coaching.texts import plain
from bot.coaching.weeks import local_day
from bot.services.closing import Ending
from bot.services.digest import DigestWish
from cogs.cards.shapes import BLUE, RED, button, card, dated_text, moment_text, times


def digest(value: DigestWish, owner: UserId) -> discord.ui.LayoutView:
    """Say whether and when the digest comes, and show this week's."""
    when = "No more digests fall due in this course."
    if value.next_at is not None:
        when = f"The next one falls due {moment_text(value.next_at, value.cohort.zone)}."
    if value.wanted:
        lead = f"You get it each Monday morning by direct message. {when}"
        choice = button("Stop", "cohort.digest_stop", owner, value.cohort.id)
    else:
        lead = f"A short summary each Monday morning, by direct message to those who ask for it. {when}"
        choice = button("Send it to me weekly", "cohort.digest_ask", owner, style=BLUE)
    ends = "-# Before each one I check who still has the instructor role; without it, none comes any more."
    return card(f"## Weekly digest\n{lead}\n{ends}", [choice], f"Here is this week’s:\n>>> {value.sample}")


def digest_stopped() -> discord.ui.LayoutView:
    """Confirm that no more digests come, also from a course that has ended since."""
    return card("No more digests of this course come to you. While it runs, `/cohort digest` brings them back.")


def ending(value: Ending, owner: UserId) -> discord.ui.LayoutView:
    """Say what closing a course means, with the button that does it."""
    cohort = value.cohort
    who = f"{times(value.members, 'person has', 'people have')} joined. "
    return card(
        f"## Close {plain(cohort.name)}?\n{who}Closing cannot be undone.",
        "• **No more notes** go out, and nothing in the course changes any more.\n"
        "• **Each member gets a parcel** by direct message: all they kept here, to read, as data, and for a calendar. "
        "For those whose messages are off or closed it waits in `/nudge inbox`.\n"
        "• **Your views end too**: run `/cohort export` and `/cohort feedback` before, if you need them.\n"
        f"• **Kept until {dated_text(value.until)}**, {times(cohort.retention_days, 'day', 'days')} from today. Then "
        "everything members gave is erased, and `/cohort status` shows the receipt.\n"
        "• **A new course** can be set up at once with `/cohort setup`.",
        [button("Close the course", "cohort.close", owner, cohort.id, style=RED)],
        f"-# Its last day is {dated_text(cohort.ends_on)}. A course that nobody closes is closed two weeks after that.",
    )


def closed(value: Ending) -> discord.ui.LayoutView:
    """Confirm that a course has closed."""
    return card(
        f"## {plain(value.cohort.name)} is closed\nThe parcels are on their way. What members gave is kept until "
        f"{dated_text(value.until)}, then erased.",
        "`/cohort status` says whether messages get through and, later, what was erased. `/cohort setup` opens a new "
        "course whenever you like.",
    )


def after_closing(cohort: Cohort, until: date) -> str:
    """Say until when a closed course's data is kept, or when it was erased."""
    name = plain(cohort.name)
    if cohort.erased_at is not None:
        members = cohort.erased_members or 0
        whose = f"of {times(members, 'member', 'members')} of " if members else "of "
        return f"The data {whose}**{name}** was erased on {dated_text(local_day(cohort.erased_at, cohort.zone))}."
    closed_on = (
        "" if cohort.closed_at is None else f" closed on {dated_text(local_day(cohort.closed_at, cohort.zone))};"
    )
    return f"**{name}**{closed_on} what its members gave is kept until {dated_text(until)}, then erased."
