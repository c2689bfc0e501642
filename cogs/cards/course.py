"""Cards about the course: setting it up, inviting to it, joining it, choosing one, and how it is doing."""

from collections.abc import Mapping, Sequence

import discord

from bot.coaching.class_statistics import FEWEST
from bot.coaching.closing import kept_until
from bot.coaching.cohort import SUPPORT_LIMIT, Cohort
from bot.coaching.digest import note_words
from bot.coaching.footprint import Track
from bot.coaching.ids import CohortId, UserId
from bot.coaching.texts import plain
from bot.coaching.weeks import DAY_NAMES, FIRST_HOUR, LAST_HOUR, Break, BreakKind
from bot.services.cohort import RETENTION_DAYS, Status
from bot.services.members import Joined, Welcome
from bot.services.overview import MOST_SECTIONS
from cogs.cards.announcements import trouble
from cogs.cards.closing import after_closing
from cogs.cards.course_plan import answer, counting, instead_of_bot
from cogs.cards.nudges import NO_MORE
from cogs.cards.register import SAMPLE
from cogs.cards.shapes import (
    BLUE,
    GREEN,
    Block,
    Button,
    Field,
    button,
    card,
    dated_text,
    day_text,
    form,
    hour_text,
    moment_text,
    option,
    roles,
    section,
    select,
    times,
)
from cogs.routes import ANYONE

BREAK_WORDS = {BreakKind.BREAK: "Break", BreakKind.EXAMS: "Exam weeks"}


SUPPORT_QUESTION = (
    "**One question before your class joins: who helps students in distress at your institution?** A counselling "
    "or student service with its hours, not yourself. It is shown under every check of a bio or message, and "
    "first where one says plainly that its writer is in danger. I do not detect distress, and nobody watches."
)
REGISTER_QUESTION = "What may instructors see by name?"
REGISTER_YES = "A register: who joined, steps done, weeks active; no texts except those handed in or shared"
REGISTER_NO = "Nothing: class statistics only"


def setup(
    cohort: Cohort,
    tracks: Mapping[str, Track],
    owner: UserId,
    sections: Sequence[int] = (),
    *,
    reviewer: bool = False,
    hidden: bool = False,
    plan: bool = False,
    missing: Sequence[str] | None = (),
    gone: Sequence[str] = (),
) -> discord.ui.LayoutView:
    """Show the card that follows `/cohort setup`: what is set, and what may be adjusted.

    Args:
        sections: The roles of the course's sections.
        plan: Whether the course has a plan, so that its steps may count.
        reviewer: Whether there is an AI reviewer to switch on.
        hidden: Whether the server's settings hide `/cohort` from the instructor role.
        missing: What the bot lacks to post in the course's channel; None if that channel is gone.
        gone: A sentence for each role of the course that is gone from the server.
    """
    days = [option(name, str(day), default=day == cohort.nudge_day) for day, name in enumerate(DAY_NAMES)]
    hours = [
        option(hour_text(hour), str(hour), default=hour == cohort.nudge_hour)
        for hour in range(FIRST_HOUR, LAST_HOUR + 1)
    ]
    families = [option("General (no particular profession)", "-", default=cohort.track is None)]
    families += [option(track.label, track.id, default=track.id == cohort.track) for track in tracks.values()]
    retention = [
        option(f"{days} days", str(days), default=days == cohort.retention_days)
        for days in sorted({*RETENTION_DAYS, cohort.retention_days})
    ]
    asks = cohort.support_contact is None
    return card(
        f"## {plain(cohort.name)}\n{dated_text(cohort.starts_on)} to {dated_text(cohort.ends_on)} · {cohort.zone} · "
        f"instructors: <@&{cohort.instructor_role_id}>",
        "\n".join(gone),
        _hidden(cohort) if hidden else None,
        f"**New members start with** {DAY_NAMES[cohort.nudge_day]}s at {hour_text(cohort.nudge_hour)}; "
        "each may change it.",
        select("Day of the weekly note", "cohort.day", owner, days),
        select("Hour of the weekly note", "cohort.hour", owner, hours),
        "**Track**: some professions have stricter rules; the checklist follows.",
        select("Track", "cohort.track", owner, families),
        "**Sections**: up to ten roles, one for each group of the class, to see it by group in `/cohort register`. The "
        "instructor role and the roles of bots are no sections.",
        roles("No sections", "cohort.sections", owner, sections, MOST_SECTIONS),
        SUPPORT_QUESTION if asks else None,
        [
            button("Name a service", "cohort.details", owner, "support", style=GREEN) if asks else None,
            button("None: use help lines", "cohort.no_support", owner) if asks else None,
        ],
        _details(cohort),
        trouble(cohort, missing),
        [button("Size and support", "cohort.details", owner)],
        _seen_by_name(cohort, reviewer=reviewer),
        [
            _switch("register", "cohort.register_switch", owner, on=bool(cohort.register)),
            _switch("AI reviewer", "cohort.setup_reviewer", owner, on=cohort.ai_reviewer) if reviewer else None,
        ],
        *(counting(cohort, owner, "setup") if plan or cohort.steps_count is not None else ()),
        "**Kept after the end**: so many days after the course has closed, what members gave is erased.",
        select("Days until it is erased", "cohort.retention", owner, retention),
        "`/cohort invite` posts the *Join* button in the channel where your class reads, and may be run again at any "
        "time. To change name, term, zone, a role or whether student numbers are asked for, run `/cohort setup` again "
        "with just that option.\n"
        "-# To hide /cohort from members: Server Settings → Integrations → this bot. Allow the instructor role first.",
    )


def _hidden(cohort: Cohort) -> str:
    return (
        f"**<@&{cohort.instructor_role_id}> cannot use /cohort**: Server Settings → Integrations → this bot hides it. "
        "Allow the role there."
    )


def _details(cohort: Cohort) -> str:
    size = "not set" if cohort.expected_size is None else str(cohort.expected_size)
    contact = plain(cohort.support_contact) if cohort.support_contact else "none, help lines"
    role = "not named" if cohort.student_role_id is None else f"<@&{cohort.student_role_id}>"
    number = "asked for, and members may leave it out" if cohort.student_number else "not asked for"
    return (
        f"**Expected class size**: {size} · **Who helps in distress**: {contact}\n"
        f"**Student role**: {role} · **Student number or login**: {number}{_channel(cohort)}"
    )


def _channel(cohort: Cohort) -> str:
    return "" if cohort.channel_id is None else f"\n**Channel**: <#{cohort.channel_id}>"


def _seen_by_name(cohort: Cohort, *, reviewer: bool) -> str:
    """Say what instructors see of members, and whether texts may go to an AI reviewer."""
    lines = [f"**{REGISTER_QUESTION}** {REGISTER_YES if cohort.register else REGISTER_NO}."]
    if not cohort.register:
        lines.append("-# When a register is switched on, every member is told; rows appear seven days later.")
    if reviewer:
        on = "on, for those who agree to it" if cohort.ai_reviewer else "off"
        lines.append(f"**AI reviewer of bios and messages**: {on}. Members are asked one by one.")
    return "\n".join(lines)


def _switch(what: str, route: str, owner: UserId, *, on: bool) -> Button:
    return button(f"Switch the {what} {'off' if on else 'on'}", route, owner, "off" if on else "on")


def details(cohort: Cohort, owner: UserId) -> discord.ui.Modal:
    """Return the form for class size and support contact."""
    fields = [
        Field("size", "Expected class size", 5, optional=True, example="120"),
        Field(
            "contact", "Who helps students in distress?", SUPPORT_LIMIT, optional=True,
            hint="A counselling or student service with its hours, not yourself. Empty: use help lines.",
            example="Student counselling, room 2.14, Mon–Fri 9–16, 020 555 0142",
        ),
    ]  # fmt: skip
    filled = {"size": cohort.expected_size, "contact": cohort.support_contact}
    return form("Size and support", "cohort.details_save", owner, fields, filled=filled)


def panel(cohort: Cohort) -> discord.ui.LayoutView:
    """The one public message: the invitation with a button that works all term."""
    seen = "Your instructors see by name who takes part. " if cohort.register else ""
    return card(
        f"## {plain(cohort.name)}: your networking coach\n"
        "Look after your digital footprint, build a small network on purpose, and get one note a week with one next "
        "step. What you write stays between you and the coach, unless you hand it in or share it. "
        f"{seen}{_graded(cohort)}".rstrip(),
        instead_of_bot(cohort),
        [button("Join", "start.open", ANYONE, style=GREEN)],
    )


def _graded(cohort: Cohort) -> str:
    if cohort.steps_count is None:  # nothing is promised that the course may still decide otherwise
        return ""
    counted = "Its weekly steps count toward the course; nothing else is graded."
    return counted if cohort.steps_count else "None of it is graded."


def welcome(value: Welcome, owner: UserId, holders: int | None = None) -> discord.ui.LayoutView:
    """Say what comes and who sees what, with the button that joins.

    `holders`: how many people have the instructor role, None if that is not known.
    """
    cohort = value.cohort
    number = "If you give a student number or login, they see it too. " * cohort.student_number
    role = f"<@&{cohort.instructor_role_id}>"
    if holders is not None:
        role += f", {times(holders, 'person', 'people')}"
    if cohort.register:
        seen = f"Your instructors ({role}) see this by name:\n> {SAMPLE}"
    else:
        seen = f"Your instructors ({role}) see counts of the class and nobody by name."
    steps = None
    if cohort.steps_count is not None:
        steps = "\n".join(filter(None, [answer(cohort), instead_of_bot(cohort)]))
    return card(
        f"## {plain(cohort.name)}\n{'You have joined already. For the record:' if value.joined else ''}".rstrip(),
        f"One private note a week with one step, until {day_text(cohort.ends_on)}; at most one more from an "
        f"instructor.\n{seen}\n{number}They never see what you write, unless you hand it in or share it. You "
        "can leave and erase at any time; files they have saved stay with them.",
        steps,
        [_join(value, owner), button("Details", "start.details", owner, value.zone)],
    )


def details_of_joining(value: Welcome, owner: UserId) -> discord.ui.LayoutView:
    """Say what is stored, where one sees what others see, and when the note comes."""
    cohort = value.cohort
    number = ", and your student number or login if you give it" * cohort.student_number
    grading = {
        None: "",
        True: "**What counts**: the weekly steps that you mark as done, toward the course. Nothing else here does.\n",
        False: "**Not graded**: nothing here counts for or against you.\n",
    }[cohort.steps_count]
    return card(
        f"**Stored**: what you note here, with dates{number}; never what a check turned up. `/privacy stored` shows it "
        "all, `/privacy delete` erases it.\n"
        "**Seen**: `/privacy seen` shows what your instructors see of you, and who looked.\n"
        f"{grading}"
        f"**Your note** comes by direct message, {DAY_NAMES[cohort.nudge_day]}s at {hour_text(cohort.nudge_hour)}, "
        f"{value.zone} time. You can move or stop it.",
        [_join(value, owner)],
    )


def _join(value: Welcome, owner: UserId) -> Button:
    if value.joined:
        return button("Open my settings", "nudge.settings", owner, style=GREEN)
    return button("Join the course", "start.join", owner, value.zone, style=GREEN)


def joined(value: Joined, owner: UserId) -> discord.ui.LayoutView:
    """Say what happens after joining, and offer the two things worth doing now."""
    due = value.enrolment.next_nudge
    first = (
        NO_MORE
        if due is None
        else f"Your {'next' if value.again else 'first'} note comes {moment_text(due.at, value.enrolment.wish.zone)}."
    )
    hello = (
        "Your direct messages are closed to me at the moment. To open them, press this server's name, then *Privacy "
        "Settings*, and switch on *Direct Messages*."
        if value.dm_closed
        else "I will say hello in a direct message. If nothing arrives, press this server's name, then *Privacy "
        "Settings*, and switch on *Direct Messages*."
    )
    lead = "You are in already; nothing has changed." if value.again else "You are in."
    focus = "Change my focus" if value.has_focus else "Set my focus"
    return card(
        f"## {lead}\n{first} {hello}",
        "A good first step takes two minutes: say who should find you, and what for.",
        [
            button(focus, "focus.edit", owner, style=BLUE),
            button("A first quick check", "footprint.show", owner),
            button("Note settings", "nudge.settings", owner),
            button("My overview", "me.show", owner),
        ],
    )


def choose(courses: Sequence[tuple[CohortId, str]], user_id: int) -> discord.ui.LayoutView:
    """Ask which course is meant in the DM."""
    return card(
        "You are in more than one course. Which one do you mean here? I will remember it.",
        select("Choose a course", "course.choose", UserId(user_id), [option(name, str(id_)) for id_, name in courses]),
    )


def chosen(cohort: Cohort) -> discord.ui.LayoutView:
    """Confirm the choice of a course."""
    return card(
        f"From now on, **{plain(cohort.name)}** is the course meant here. "
        "Run your command again; `/me` lets you switch later."
    )


def breaks(cohort: Cohort, owner: UserId) -> discord.ui.LayoutView:
    """List the days without nudges, each with a button that removes them."""
    rows = [
        section(
            f"{BREAK_WORDS[one.kind]}: {_days(one)}",
            button("Remove", "cohort.break_remove", owner, one.first.isoformat()),
        )
        for one in cohort.breaks
    ]
    how = (
        "To add one, run `/cohort breaks` with `kind`, `first_day` and `last_day`. On those days nothing is sent, and "
        "they count against nobody. The note before exam weeks says that they come."
    )
    return card(f"## Breaks of {plain(cohort.name)}", *(rows or ["None are marked yet."]), how)


def _days(one: Break) -> str:
    first = day_text(one.first)
    return first if one.first == one.last else f"{first} to {day_text(one.last)}"


def status(
    value: Status, owner: UserId, *more: Block, hidden: bool = False, gone: Sequence[str] = ()
) -> discord.ui.LayoutView:
    """Show the state of delivery and what to do about it; `more` comes before the small print.

    `hidden`: the server's settings hide `/cohort` from the instructor role; `gone`: as `setup` has it.
    """
    return card(
        f"## Delivery in {plain(value.cohort.name)}\n{_breaker_words(value)}",
        "\n".join(gone),
        _hidden(value.cohort) if hidden else None,
        _delivered(value),
        # Always offered, so that its being there says nothing of anybody.
        [button("If notes do not reach somebody", "cohort.not_reached", owner)],
        _beside(value),
        *more,
        f"-# I last looked for due notes {_ago(value)} · {value.database} · version {value.version}\n"
        "-# Not for grading.",
    )


def not_reached() -> discord.ui.LayoutView:
    """Say why notes may not reach somebody, and what that person can do."""
    return card(
        "Mostly their direct messages from this server are closed. They can open them: press this server's name, then "
        "*Privacy Settings*, and switch on *Direct Messages*. What did not arrive waits in their `/nudge inbox`.",
        "To those who turned notes off or pause them, and in breaks, nothing is sent.",
    )


def _delivered(value: Status) -> str:
    """Say what became of the last week's notes, or when they are counted."""
    notes = value.notes
    if notes is not None:
        return f"**Notes of the last week**: {note_words(notes.counts, notes.whole, exact=notes.exact)}."
    if value.next_snapshot is None:
        return "The course is closed, so no notes go out."
    when = moment_text(value.next_snapshot, value.cohort.zone)
    return f"How many notes arrived is counted on Mondays, from {FEWEST} people on; next {when}."


def _beside(value: Status) -> str:
    """Say who gets digests in an open course, and what is kept of the last closed one."""
    lines: list[str] = []
    if value.next_snapshot is not None:
        readers = "nobody yet" if not value.digests else times(value.digests, "instructor", "instructors")
        lines.append(
            f"**Weekly digest**: on for {readers}. Class counts and digests next: "
            f"{moment_text(value.next_snapshot, value.cohort.zone)}."
        )
    if value.last is not None:
        lines.append(after_closing(value.last, kept_until(value.last)))
    return "\n".join(lines)


def _breaker_words(value: Status) -> str:
    breaker = value.breaker
    if breaker is None:
        return "Direct messages get through. First ones to new members leave a few a minute."
    zone = value.cohort.zone
    return (
        f"**Discord has stopped all my direct messages**, since {moment_text(breaker.since, zone)}. What is due waits, "
        f"for up to a day. I try the next one {moment_text(breaker.until, zone)}. If this lasts, whoever runs me finds "
        "the reason on the application's page at Discord."
    )


def _ago(value: Status) -> str:
    if value.last_tick is None:
        return "never; is the bot's `run` process there?"
    minutes = int((value.now - value.last_tick).total_seconds() // 60)
    return "less than a minute ago" if minutes < 1 else f"{times(minutes, 'minute', 'minutes')} ago"
