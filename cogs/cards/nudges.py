"""Cards about the weekly nudge: settings, history, and what its buttons answer."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import Any

import discord

from bot.coaching.errors import NudgesAlreadyOver
from bot.coaching.goals import MOST_WEEKS_BETWEEN
from bot.coaching.ids import UserId
from bot.coaching.messages import REGISTER_ON
from bot.coaching.next_action import WHEN
from bot.coaching.nudges import Lateness, NudgeKey, NudgeKind, NudgeState, Reason, lateness
from bot.coaching.opportunities import Opportunity
from bot.coaching.texts import plain
from bot.coaching.weeks import DAY_NAMES, QUIETS, Quiet
from bot.services.note_buttons import FirstWords, Hindrance, Reminder, Smaller
from bot.services.nudges import PAUSE_WEEKS, Note, NudgeHistory, NudgeSettings, Preview, Why
from cogs.cards.shapes import (
    GREEN,
    Button,
    Field,
    button,
    card,
    day_text,
    form,
    hour_text,
    moment_text,
    option,
    section,
    select,
    times,
)
from storage.nudges import Nudge

NO_MORE = "There are no more notes this term."
UNPLANNED = "I am just planning your next note; look again in a minute."
HOW_TO_OPEN = "To open them, press your course's server name, then *Privacy Settings*, and switch on *Direct Messages*."
OPEN_DMS = f"{HOW_TO_OPEN} Notes held meanwhile wait in `/nudge inbox`."
KINDS = {
    NudgeKind.HELLO: "hello",
    NudgeKind.WEEKLY: "weekly note",
    NudgeKind.REMINDER: "reminder",
    NudgeKind.DIGEST: "digest for instructors",
    NudgeKind.ANNOUNCEMENT: "post in the course's channel",
    NudgeKind.PARCEL: "your parcel",
    NudgeKind.MESSAGE: "message from an instructor",
}
RHYTHM_WORDS = {1: "Every week", 2: "Every two weeks", 4: "Every four weeks"}
FACT_WORDS = {
    "idle_weeks": ("{} quiet week", "{} quiet weeks in a row"),
    "quick_open": ("{} quick-start item of the checklist open", "{} quick-start items of the checklist open"),
    "rechecks_due": ("{} checklist item due for a second look", "{} checklist items due for a second look"),
    "outward_4w": ("{} step toward others in four weeks", "{} steps toward others in four weeks"),
    "at_4w": ("{} of them spoke to everyone", "{} of them spoke to everyone"),
    "ask_4w": ("in {} of them you asked for something", "in {} of them you asked for something"),
    "give_4w": ("in {} of them you gave something", "in {} of them you gave something"),
    "listen_only_weeks": ("{} week of listening alone", "{} weeks of listening alone, in a row"),
    "away_weeks": ("{} week without a note before you came back", "{} weeks without a note before you came back"),
    "goal_did": ("{} step counted since your goal began", "{} steps counted since your goal began"),
    "stage_weeks": ("{} week since a conversation began", "{} weeks since a conversation began"),
    "over_box_weeks": ("{} week over your time box", "{} weeks over your time box"),
    "categories": ("{} kind of people in your network", "{} kinds of people in your network"),
    "conversed": ("a conversation going with {} person", "conversations going with {} people"),
    "met": ("{} person met", "{} people met"),
    "cold": ("{} person you have not been in touch with for a while", "{} people, not in touch for a while"),
    "unthanked_days": ("{} day since a conversation", "{} days since a conversation"),
    "advice_days": ("{} day since somebody advised you", "{} days since somebody advised you"),
    "unanswered_days": ("{} day without an answer", "{} days without an answer"),
    "alert_days": ("{} day that an alert has been on", "{} days that an alert has been on"),
    "bio_days": ("{} day since your bio was checked", "{} days since your bio was checked"),
    "deadline_days": ("{} day until an opportunity’s last day", "{} days until an opportunity’s last day"),
    "sent_days": ("{} day since you sent something off", "{} days since you sent something off"),
    "lapsed_days": ("{} day since an opportunity’s last day", "{} days since an opportunity’s last day"),
    "openings": ("{} opportunity open on your list", "{} opportunities open on your list"),
    "spaces": ("{} place of your field on your map", "{} places of your field on your map"),
    "to_greet": ("somebody on your map without an exchange yet", "people on your map without an exchange yet"),
    "to_give": ("somebody who answered you before", "people who answered you before"),
    "steps_due": ("{} course step that no later note can tell in time", "{} course steps due before your next note"),
    "unanswered_notes": ("{} note of mine before this one unanswered", "{} notes of mine before this one unanswered"),
}
YES_WORDS = {
    "first_note": "no weekly note before this one",
    "goal_over": "your goal’s weeks are over",
    "goal_new": "no note since you set your goal",
    "obstacle_due": "half of your goal’s weeks are over",
    "new_accounts": "your accounts in this field are new",
    "won": "an opportunity came true",
    "lost": "an opportunity did not work out",
    "pause_over": "your pause is over",
    "exams_ahead": "exam weeks begin within a week",
}
NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
REASONS = {
    Reason.DMS_CLOSED: "your direct messages were closed to me",
    Reason.UNREACHABLE: "Discord could not reach you",
    Reason.TOO_LATE: "more than a day late, so no longer useful",
    Reason.TURNED_OFF: "you had turned notes off",
    Reason.PAUSED: "you were on a pause",
    Reason.TERM_OVER: "the term was over",
    Reason.BREAK: "the course had a break",
    Reason.DONE: "you had done it already",
    Reason.LEFT: "you were not in the server",
    Reason.BOT_AWAY: "I was not in the server",
    Reason.BLOCKED: "Discord had stopped all my direct messages",
    Reason.NOT_STAFF: "you did not have the instructor role any more",
    Reason.BACKED_OFF: "my notes to you had grown rare",
    Reason.INBOX_ONLY: "you like these in your inbox",
    Reason.WITHDRAWN: "it was taken back",
    Reason.NO_PERMISSION: "I may not post in the course's channel",
}


def settings(value: NudgeSettings, owner: UserId) -> discord.ui.LayoutView:
    """Show when the note comes, with the ways to change that, to pause, and to turn it off or on."""
    if value.over:
        return card(f"## Your weekly note\n{NudgesAlreadyOver()}")
    one = value.enrolment
    wish = one.wish
    when = f"{DAY_NAMES[wish.day]}s at {hour_text(wish.hour)}, {RHYTHM_WORDS[one.every_weeks].lower()}"
    closed = f"\n**Your direct messages are closed to me.** {OPEN_DMS}" if value.dm_closed else ""
    return card(
        f"## Your weekly note\n{_plan(value)}{closed}",
        f"**{when}**. {quiet_text(one.quiet)}.\nTime zone: **{wish.zone}** (`/nudge settings` with `zone` changes it).",
        _ways(value, owner),
        _messages(owner, inbox_only=one.inbox_only) if one.nudges_on else None,
    )


def when_form(value: NudgeSettings, owner: UserId) -> discord.ui.Modal:
    """Return the form for day, hour, rhythm and quiet hours, filled with what is set."""
    one = value.enrolment
    quiets = {f"{hours.start}-{hours.end}": quiet_text(hours) for hours in QUIETS}
    fields = [
        Field("day", "Day", dict(enumerate(DAY_NAMES))),
        Field("hour", "Hour", {hour: hour_text(hour) for hour in range(24)}, hint="Outside your quiet hours."),
        Field("rhythm", "How often?", RHYTHM_WORDS, open=True),
        Field("quiet", "Quiet hours", quiets, open=True),
    ]
    filled = {
        "day": one.wish.day,
        "hour": one.wish.hour,
        "rhythm": one.every_weeks,
        "quiet": f"{one.quiet.start}-{one.quiet.end}",
    }
    return form("When your note comes", "nudge.when_save", owner, fields, filled=filled)


def _messages(owner: UserId, *, inbox_only: bool) -> discord.ui.Section[Any]:
    """Say where instructors' messages go, with the button that changes it."""
    if inbox_only:
        change = button("As direct messages too", "nudge.messages_too", owner)
        return section("Messages from instructors wait in `/nudge inbox`, and none comes as a direct message.", change)
    change = button("Only in my inbox", "nudge.inbox_only", owner)
    return section("Messages from instructors, one a week at most, come as direct messages.", change)


def _ways(value: NudgeSettings, owner: UserId) -> list[Button]:
    one = value.enrolment
    if not one.nudges_on:
        return [button("Turn notes on", "nudge.on", owner, style=GREEN)]
    when = button("Day and hour", "nudge.when", owner)
    if one.pause_until is not None and one.pause_until > value.today:
        ways = [when, button("End the pause", "nudge.pause_set", owner, 0, style=GREEN)]
    else:
        ways = [when, button("Pause", "nudge.pause_menu", owner), button("Skip the next one", "nudge.skip", owner)]
    if one.discreet:
        ways.append(button("Show the words in the message", "nudge.open", owner))
    else:
        ways.append(button("Make the message discreet", "nudge.discreet", owner))
    return [*ways, button("Turn notes off", "nudge.off", owner)]


def pause_menu(owner: UserId) -> discord.ui.LayoutView:
    """Offer pauses."""
    return card(
        "How long? Nothing is sent meanwhile, and nothing piles up.",
        [button(times(weeks, "week", "weeks"), "nudge.pause_set", owner, weeks) for weeks in PAUSE_WEEKS],
    )


def day_picker(days: Sequence[date], key: NudgeKey) -> discord.ui.LayoutView:
    """Offer the days of *Another day*."""
    return card(
        "Which day suits you better? You get one short reminder that day.",
        select(
            "Pick a day",
            "nudge.remind",
            key.to.user_id,
            [option(day_text(day), day.isoformat()) for day in days],
            *key.parts,
        ),
    )


def reminder(value: Reminder) -> discord.ui.LayoutView:
    """Confirm the day picked on *Another day*."""
    return card(f"Agreed: one reminder on {moment_text(value.at, value.zone)}. Doing it earlier is fine too.")


def note(value: Note) -> discord.ui.LayoutView:
    """Show a nudge with its words and working buttons."""
    return card(*_note_blocks(value))


def inbox(notes: Sequence[Note]) -> discord.ui.LayoutView:
    """Show the nudges that could not be delivered, each with its buttons."""
    if not notes:
        return card("## Held for you\nNothing is held. `/nudge history` says what became of every note.")
    blocks = [block for one in notes for block in (f"-# {_story(one.nudge, one.zone)}", *_note_blocks(one))]
    closed = any(one.nudge.reason is Reason.DMS_CLOSED for one in notes)
    return card("## Held for you", *blocks, f"-# Direct messages closed? {HOW_TO_OPEN}" if closed else None)


def _note_blocks(value: Note) -> tuple[str, list[Button]]:
    key = value.nudge.key
    return value.text, [button(one.label, f"nudge.{one.id}", key.to.user_id, *key.parts) for one in value.buttons]


def preview(value: Preview) -> discord.ui.LayoutView:
    """Show the next nudge as it would read today."""
    one = value.enrolment
    discreet = " The message itself will say no more than that a note is ready; its button shows this." * one.discreet
    if value.at is not None:
        lead = f"Your next note\nIt comes {moment_text(value.at, one.wish.zone)}, and follows what you do until then."
    else:
        lead = f"Your next note\n{UNPLANNED}" if one.unplanned else "No note is planned\n`/nudge settings` says why."
    return card(f"## {lead}{discreet}", f"Sent today it would read:\n>>> {value.text}")


def why(value: Why, *, of: str = "note") -> discord.ui.LayoutView:
    """Explain a nudge or a next step: its rule, the occasion that replaced it, and the facts looked at."""
    if value.because is None or not value.facts:
        return card("This one came because you joined the course; it says what to expect. No rule chose it.")
    reasons = (value.occasion_because, value.because)
    because = "\n".join(f"{one[0].upper()}{one[1:]}." for one in reasons if one)
    facts = "\n".join(f"• {fact}" for fact in _facts(value))
    return card(
        f"## Why this {of}\n{because}",
        f"What decided, all of it your own:\n{facts}",
        f"-# Rule {value.rule}, the first that fits. Nobody else sees this, and I looked at nobody else.",
    )


def _facts(value: Why) -> Iterator[str]:
    """Yield the deciding facts: week of the term, goal, and what this rule and occasion look at.

    What an older note did not know is left out; so is what there is none of, but for a number of days, which may be 0.
    """
    facts = value.facts
    week = _count(facts, "term_week")
    yield f"week {week} of the term" if week > 0 else "the weeks before the term"
    if not facts.get("has_focus"):
        yield "no focus yet"
    if facts.get("has_goal"):
        before = "two weeks" if facts.get("every_weeks") == MOST_WEEKS_BETWEEN else "seven days"
        yield f"{_count(facts, 'did')} of {_count(facts, 'target')} for your goal in the {before} before"
    else:
        yield "your goal rests" if facts.get("goal_paused") else "no goal yet"
    deciding = [WHEN[one].shows for one in (value.occasion, value.rule) if one and one in WHEN]
    for name in chain.from_iterable(deciding):
        if name in YES_WORDS and facts.get(name):
            yield YES_WORDS[name]
        elif name == "active_weeks" and facts.get("momentum_weeks"):
            yield f"active in {_count(facts, name)} of your last {_count(facts, 'momentum_weeks')} weeks"
        elif name in FACT_WORDS and (_count(facts, name) or (name.endswith("_days") and facts.get(name) == 0)):
            one, many = FACT_WORDS[name]
            count = _count(facts, name)
            yield (one if count == 1 else many).format(count)


def _count(facts: Mapping[str, object], name: str) -> int:
    count = facts.get(name)
    return count if isinstance(count, int) else 0


def smaller(value: Smaller) -> discord.ui.LayoutView:
    """Show the five-minute version of a step, with its buttons."""
    owner, parts = value.key.to.user_id, value.key.parts
    own = "the small version you wrote yourself" if value.own else "a smaller version"
    label, route, args = ("Done", "nudge.done", parts) if value.logs else ("Log something", "log.show", ())
    return card(
        f"Then {own}, about five minutes:\n**{plain(value.text) if value.own else value.text}**",
        [button(label, route, owner, *args, style=GREEN), button("Another day", "nudge.another_day", owner, *parts)],
    )


def hindrance(value: Hindrance) -> discord.ui.LayoutView:
    """Show a plan that answers an obstacle, and ways to a goal that fits better."""
    owner = value.key.to.user_id
    smaller, args = ("goal.new", ("-", "keep")) if value.goal is None else ("goal.smaller", (value.goal.id,))
    plan = "A plan that met others" if value.goal is None else "This plan meets it"
    return card(
        f"“{value.words.label}” is worth knowing. {plan}:\n> {value.words.plan}",
        value.goal and f"It would stand beside your own: {plain(value.goal.if_then)}",
        [
            value.goal and button("Use this plan", "nudge.use_plan", owner, value.obstacle.value, style=GREEN),
            button("Done already", "nudge.done", owner, *value.key.parts),
            button("A smaller goal", smaller, owner, *args),
            button("Pause the notes", "nudge.pause_menu", owner),
        ],
    )


def first_words(value: FirstWords) -> discord.ui.LayoutView:
    """Show a first message to copy and change."""
    whom = f" to {plain(value.nickname)}" if value.nickname else ""
    return card(
        f"Words to start with{whom}; copy them, fill the blanks, and make them yours.\n```\n{value.starter.text}\n```",
    )


def rested(nickname: str) -> discord.ui.LayoutView:
    """Confirm that a person rests."""
    return card(
        f"{plain(nickname)} rests now: kept in your network, and no note speaks of them. `/network list` opens them to "
        "wake."
    )


def let_go(value: Opportunity) -> discord.ui.LayoutView:
    """Confirm that an opportunity is closed."""
    return card(
        f"Let go: {plain(value.title)}. Deciding against something makes room. `/opportunity list` shows the rest."
    )


def alert_answered(*, keep: bool) -> discord.ui.LayoutView:
    """Confirm that an alert was kept or removed."""
    if keep:
        return card("It stays. I will ask again in four weeks or later.")
    return card("Taken out of your list. Switch it off where you set it up, too.")


def history(value: NudgeHistory) -> discord.ui.LayoutView:
    """List the last rows of the ledger in plain words."""
    if not value.rows:
        return card(
            "## Your notes so far\nNothing has fallen due yet. `/nudge settings` says when the first one comes."
        )
    rows = "\n".join(f"• {_story(row, value.zone)}" for row in value.rows)
    held = any(row.reason is Reason.DMS_CLOSED for row in value.rows)
    return card(f"## Your notes so far\n{rows}", f"-# {OPEN_DMS}" if held else None)


def _story(row: Nudge, zone: str) -> str:
    kind = "what instructors see" if row.subject == REGISTER_ON else KINDS[row.key.kind]
    note = f"{moment_text(row.due_at, zone)} · {kind}"
    match row.state:
        case NudgeState.SENT:
            return f"{note}: sent{_late(row)}"
        case NudgeState.HELD | NudgeState.SKIPPED:
            return f"{note}: {row.state}: {REASONS[row.reason or Reason.UNREACHABLE]}"
        case _:
            return f"{note}: on its way"


def _late(row: Nudge) -> str:
    sent = row.settled_at or row.due_at
    if lateness(row.due_at, sent) is Lateness.ON_TIME:
        return ""
    hours = round((sent - row.due_at) / timedelta(hours=1))
    words = NUMBER_WORDS[hours] if hours < len(NUMBER_WORDS) else str(hours)
    return f" {'an hour' if hours == 1 else f'{words} hours'} late"


def _plan(value: NudgeSettings) -> str:
    enrolment = value.enrolment
    if not enrolment.nudges_on:
        return "Notes are off. Everything else works as before."
    if enrolment.unplanned:
        return UNPLANNED
    until = enrolment.pause_until
    pause = ""
    if until is not None and until > value.today:
        until = day_text(until) if until <= value.cohort.ends_on else "the end of the course"
        pause = f"Paused until {until}. "
    if enrolment.next_nudge is None:
        return f"{pause}{NO_MORE}"
    discreet = "\nThe direct message says no more than that a note is ready." if enrolment.discreet else ""
    return f"{pause}The next one comes {moment_text(enrolment.next_nudge.at, enrolment.wish.zone)}.{discreet}"


def quiet_text(hours: Quiet) -> str:
    """Return quiet hours in words."""
    if hours.end == 0:
        return "No quiet hours"
    return f"Quiet from {hour_text(hours.start)} to {hour_text(hours.end)}"


def message_waits() -> discord.ui.LayoutView:
    """Mention once that a message waits in the inbox."""
    return card("By the way: a message about your course waits in `/nudge inbox`.")


def closed_notice() -> discord.ui.LayoutView:
    """Mention once that direct messages are closed."""
    return card(
        f"By the way: my last note could not reach you, because your direct messages are closed to me. {OPEN_DMS}"
    )
