"""Servers never see one another: whatever is asked of one server's course, nothing of another one's takes part."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from inspect import isfunction, signature
from pkgutil import iter_modules
from typing import Any, TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

import storage
from bot.coaching.bios import AiOutcome, AiReport
from bot.coaching.cohort import Access, Cohort
from bot.coaching.course_plan import CourseWeek, DoneBy
from bot.coaching.ids import ChannelId, CohortId, EnrolmentId, FeedbackId, GuildId, UserId
from bot.coaching.messages import REGISTER_ON
from bot.coaching.nudges import Reason
from bot.coaching.register import Listing, RegisterFilter
from bot.coaching.weeks import Break, BreakKind, Calendar, monday_of
from storage import (
    access_log,
    announcements,
    bios,
    checkin,
    class_statistics,
    course_plan,
    digest,
    feedback,
    members,
    messages,
    nudges,
    portfolio,
    register,
    retention,
    sections,
    student_numbers,
    tables,
)
from storage import cohort as cohorts
from storage.cohort import CohortDefaults
from storage.database import Database, Tx
from tests.storage.course import DAY, DEFAULTS, NOW, TERM, TODAY, WISH, open_course
from tests.storage.test_members_apart import ITEM, LONG_AGO, WRITES, Member, Write, seat

HERE, THERE = 1, 2
LATER = NOW + 30 * DAY
BOTH = UserId(50)
"""Somebody who is a member in both servers."""


@dataclass(frozen=True)
class Server:
    """A server's course, filled; `people` are its members' enrolments by account, `texts` its unsigned feedback."""

    guild_id: GuildId
    cohort_id: CohortId
    people: Mapping[UserId, EnrolmentId]
    texts: tuple[FeedbackId, ...]

    @property
    def role(self) -> int:
        """Return the role of the course's one section."""
        return self.guild_id * 10_000_000 + 7

    def cohort(self, tx: Tx) -> Cohort:
        found = cohorts.get(tx, self.cohort_id)
        assert found is not None
        return found

    def weeks(self, tx: Tx) -> list[CourseWeek]:
        return course_plan.weeks(tx, self.cohort_id)


Ask: TypeAlias = Callable[[Tx, Server, Server], object]
"""Asks something of the first server's course, naming rows of the second one's wherever a row may be named."""


def of_each(look: Callable[[EnrolmentId], object]) -> Callable[[Server, Server], list[object]]:
    return lambda one, other: [look(member) for member in (*one.people.values(), *other.people.values())]


ASKED: Mapping[Callable[..., Any], Ask] = {
    cohorts.open_in: lambda tx, one, _: cohorts.open_in(tx, one.guild_id),
    cohorts.get: lambda tx, one, _: cohorts.get(tx, one.cohort_id),
    cohorts.claim: lambda tx, one, _: cohorts.claim(tx, one.cohort_id),
    bios.outcomes: lambda tx, one, _: bios.outcomes(tx, one.cohort_id, LONG_AGO.date()),
    bios.reports: lambda tx, one, _: bios.reports(tx, one.cohort_id, LONG_AGO.date()),
    bios.latest_of: lambda tx, one, _: bios.latest_of(tx, one.cohort_id, list(AiOutcome), LONG_AGO.date()),
    feedback.unread: lambda tx, one, _: feedback.unread(tx, one.cohort_id),
    feedback.read: lambda tx, one, other: [
        feedback.read(tx, one.cohort_id, 99),
        *(feedback.read(tx, one.cohort_id, 99, before) for before in other.texts),
    ],
    feedback.asked_contact: lambda tx, one, _: feedback.asked_contact(tx, one.cohort_id, 99),
    members.all_to_plan: lambda tx, one, _: members.all_to_plan(tx, one.cohort_id),
    members.find: lambda tx, one, other: [
        members.find(tx, one.cohort_id, user_id) for user_id in (*one.people, *other.people)
    ],
    register.rows: lambda tx, one, other: [
        register.rows(tx, one.cohort(tx), [ITEM], LATER),
        register.rows(tx, one.cohort(tx), [ITEM], LATER, list(other.people.values())),
    ],
    register.listed: lambda tx, one, other: [
        register.listed(tx, one.cohort(tx), Listing(which, 1), section, LATER)
        for which in RegisterFilter
        for section in (None, one.role, other.role)
    ],
    register.behind: lambda tx, one, _: register.behind(tx, one.cohort(tx), Listing(RegisterFilter.QUIET), None, LATER),
    register.counts: lambda tx, one, _: register.counts(tx, one.cohort(tx), LATER),
    register.active_by_week: lambda tx, one, _: register.active_by_week(
        tx, one.cohort(tx), monday_of(TODAY), monday_of(TODAY)
    ),
    register.notes: lambda tx, one, _: register.notes(tx, one.cohort(tx), NOW - 99 * DAY, LATER),
    register.planned: lambda tx, one, _: register.planned(tx, one.cohort(tx), LATER),
    checkin.standings: lambda tx, one, _: checkin.standings(tx, one.cohort(tx), LATER),
    cohorts.last_closed: lambda tx, one, _: cohorts.last_closed(tx, one.guild_id),
    digest.readers: lambda tx, one, _: digest.readers(tx, one.cohort_id),
    class_statistics.lock_due: lambda tx, one, _: class_statistics.lock_due(tx, one.cohort_id, NOW),
    class_statistics.next_at: lambda tx, one, _: class_statistics.next_at(tx, one.cohort_id),
    class_statistics.has: lambda tx, one, _: [
        class_statistics.has(tx, one.cohort_id, TODAY + number * DAY) for number in range(9)
    ],
    class_statistics.snapshots: lambda tx, one, _: class_statistics.snapshots(tx, one.cohort_id),
    class_statistics.with_sections: lambda tx, one, _: class_statistics.with_sections(tx, one.cohort_id),
    sections.of_course: lambda tx, one, _: sections.of_course(tx, one.cohort_id),
    members.fallen_due: lambda tx, one, _: members.fallen_due(tx, one.cohort_id, NOW + 99 * DAY),
    members.closed_enrolments: lambda tx, one, _: members.closed_enrolments(tx, BOTH, one.guild_id),
    members.open_enrolments: lambda tx, one, other: [
        members.open_enrolments(tx, user_id, one.guild_id, lock=True) for user_id in (*one.people, *other.people)
    ],
    members.enrolled: lambda tx, one, other: [
        members.enrolled(tx, one.cohort_id, user_id) for user_id in (*one.people, *other.people)
    ],
    members.reachable: lambda tx, one, other: [
        members.reachable(tx, one.cohort_id),
        members.reachable(tx, one.cohort_id, list(other.people.values())),
    ],
    messages.wrote_on: lambda tx, one, other: [
        messages.wrote_on(tx, one.cohort_id, user_id, TODAY) for user_id in (*one.people, *other.people)
    ],
    nudges.had_message: lambda tx, one, _: nudges.had_message(tx, one.cohort_id, TODAY.isoformat()),
    student_numbers.two_claims: lambda tx, one, _: student_numbers.two_claims(tx, one.cohort_id),
    course_plan.weeks: lambda tx, one, _: course_plan.weeks(tx, one.cohort_id),
    course_plan.get: lambda tx, one, other: [
        found for week in (*one.weeks(tx), *other.weeks(tx)) if (found := course_plan.get(tx, one.cohort_id, week.id))
    ],
    course_plan.begun: lambda tx, one, _: course_plan.begun(tx, one.cohort_id),
    course_plan.steps: lambda tx, one, other: of_each(lambda member: course_plan.steps(tx, one.cohort_id, member))(
        one, other
    ),
    course_plan.steps_and_focus: lambda tx, one, _: [
        course_plan.steps_and_focus(tx, one.cohort_id, member) for member in one.people.values()
    ],
    course_plan.hand_ins: lambda tx, one, _: course_plan.hand_ins(tx, one.cohort_id),
    portfolio.material: lambda tx, one, other: of_each(
        lambda member: portfolio.material(tx, one.cohort_id, member).weeks
    )(one, other),
    announcements.lock_due: lambda tx, one, _: announcements.lock_due(tx, one.cohort_id, LATER),
    announcements.next_at: lambda tx, one, _: announcements.next_at(tx, one.cohort_id),
    nudges.last_post: lambda tx, one, _: nudges.last_post(tx, one.cohort_id),
    members.count: lambda tx, one, _: members.count(tx, one.cohort_id),
    retention.lock: lambda tx, one, _: retention.lock(tx, one.cohort_id, NOW),
    retention.members_of: lambda tx, one, _: retention.members_of(tx, one.cohort_id, 99),
    retention.gone_before: lambda tx, one, _: retention.gone_before(tx, one.cohort_id, NOW + 99 * DAY, 99),
    retention.parcels_fresh: lambda tx, one, _: retention.parcels_fresh(tx, one.cohort_id, LONG_AGO),
}
"""Every way to read something of a course."""

DONE: Mapping[Callable[..., Any], Ask] = {
    cohorts.add: lambda tx, one, _: cohorts.add(tx, one.guild_id, TERM, DEFAULTS, NOW),
    cohorts.set_facts: lambda tx, one, _: cohorts.set_facts(tx, one.cohort_id, TERM),
    cohorts.set_defaults: lambda tx, one, _: cohorts.set_defaults(
        tx, one.cohort_id, CohortDefaults(3, 9, "health", 9, "changed")
    ),
    cohorts.set_retention: lambda tx, one, _: cohorts.set_retention(tx, one.cohort_id, 30),
    cohorts.reference_key: lambda tx, one, _: cohorts.reference_key(tx, one.cohort_id, f"key of {one.guild_id}"),
    cohorts.set_breaks: lambda tx, one, _: cohorts.set_breaks(
        tx, one.cohort_id, [Break(BreakKind.EXAMS, TODAY, TODAY)]
    ),
    cohorts.set_away: lambda tx, one, _: cohorts.set_away(tx, [one.guild_id], NOW),
    cohorts.set_ai_reviewer: lambda tx, one, _: cohorts.set_ai_reviewer(tx, one.cohort_id, on=True),
    cohorts.close: lambda tx, one, _: cohorts.close(tx, one.cohort_id, NOW),
    feedback.add: lambda tx, one, _: feedback.add(tx, one.cohort_id, None, "more", TODAY),
    feedback.mark_read: lambda tx, one, other: feedback.mark_read(tx, one.cohort_id, [*one.texts, *other.texts], NOW),
    feedback.greeted: lambda tx, one, other: of_each(lambda member: feedback.greeted(tx, one.cohort_id, member))(
        one, other
    ),
    checkin.set_greeted: lambda tx, one, other: of_each(
        lambda member: checkin.set_greeted(tx, one.cohort_id, member, NOW)
    )(one, other),
    members.add: lambda tx, one, other: [
        members.add(tx, one.cohort_id, user_id, WISH, NOW) for user_id in other.people
    ],
    members.end_pause: lambda tx, one, other: [
        members.end_pause(tx, one.cohort_id, user_id) for user_id in (*one.people, *other.people)
    ],
    cohorts.set_students: lambda tx, one, _: cohorts.set_students(tx, one.cohort_id, 5, number=True),
    messages.keep_draft: lambda tx, one, other: [
        messages.keep_draft(tx, one.cohort_id, user_id, "Ines", "Hello", NOW) for user_id in other.people
    ],
    messages.delete_old: lambda tx, one, _: messages.delete_old(tx, one.cohort_id, NOW + 99 * DAY),
    nudges.owe_messages: lambda tx, one, other: nudges.owe_messages(
        tx, one.cohort_id, "n1", REGISTER_ON, dict.fromkeys((*one.people, *other.people), Reason.BREAK), NOW
    ),
    nudges.withdraw: lambda tx, one, _: nudges.withdraw(tx, one.cohort_id, "message:1", NOW),
    student_numbers.give: lambda tx, one, other: of_each(
        lambda member: student_numbers.give(tx, one.cohort_id, member, "S1", f"s{member}")
    )(one, other),
    class_statistics.set_next: lambda tx, one, _: class_statistics.set_next(tx, one.cohort_id, NOW + DAY),
    class_statistics.take: lambda tx, one, _: class_statistics.take(
        tx, one.cohort(tx), {"present": [ITEM]}, TODAY + 2 * DAY, NOW, None
    ),
    register.switch: lambda tx, one, _: register.switch(tx, one.cohort(tx), NOW, on=False),
    access_log.add_at_register: lambda tx, one, _: access_log.add_at_register(
        tx, one.cohort_id, BOTH, Access.REGISTER, NOW
    ),
    messages.owe_notice: lambda tx, one, _: messages.owe_notice(tx, one.cohort_id, REGISTER_ON, NOW),
    access_log.note_with_members: lambda tx, one, _: access_log.note_with_members(tx, one.cohort_id),
    sections.replace: lambda tx, one, other: sections.replace(tx, one.cohort_id, [other.role]),
    sections.note_of_member: lambda tx, one, other: of_each(
        lambda member: sections.note_of_member(tx, one.cohort_id, member, [other.role])
    )(one, other),
    members.plan_nothing: lambda tx, one, _: members.plan_nothing(tx, one.cohort_id),
    nudges.owe_digests: lambda tx, one, _: nudges.owe_digests(tx, one.cohort_id, TODAY, NOW),
    nudges.owe_parcels: lambda tx, one, _: nudges.owe_parcels(tx, one.cohort_id, "end", TODAY, NOW),
    nudges.try_parcels_again: lambda tx, one, _: nudges.try_parcels_again(tx, one.cohort_id, NOW + DAY, NOW + 2 * DAY),
    nudges.skip_owed: lambda tx, one, _: nudges.skip_owed(tx, one.cohort_id, Reason.TERM_OVER, NOW),
    retention.set_next: lambda tx, one, _: retention.set_next(tx, one.cohort_id, NOW + DAY),
    retention.note_erased: lambda tx, one, _: retention.note_erased(tx, one.cohort_id, 3),
    bios.add_report: lambda tx, one, _: bios.add_report(tx, one.cohort_id, AiReport.UNKIND, TODAY),
    course_plan.replace_weeks: lambda tx, one, _: course_plan.replace_weeks(
        tx, one.cohort_id, [(TODAY + 5 * DAY, one.weeks(tx)[0].plan)], one.cohort(tx).term
    ),
    course_plan.put_week: lambda tx, one, other: [
        course_plan.put_week(tx, one.cohort_id, week.id, week.week, week.plan, one.cohort(tx).term)
        for week in other.weeks(tx)
    ],
    course_plan.set_week: lambda tx, one, other: [
        course_plan.set_week(tx, one.cohort_id, week.id, switched_off=True)
        for week in (*one.weeks(tx), *other.weeks(tx))
    ],
    course_plan.complete: lambda tx, one, _: [
        course_plan.complete(tx, one.cohort_id, member, DoneBy.ITEM, ITEM, TODAY) for member in one.people.values()
    ],
    course_plan.uncomplete: lambda tx, one, _: [
        course_plan.uncomplete(tx, one.cohort(tx), member, "reply", TODAY) for member in one.people.values()
    ],
    course_plan.keep_due_days: lambda tx, one, _: course_plan.keep_due_days(
        tx, one.cohort_id, Calendar(TODAY - 30 * DAY, TODAY + 30 * DAY, (Break(BreakKind.BREAK, TODAY, TODAY + DAY),))
    ),
    course_plan.remove_weeks: lambda tx, one, other: course_plan.remove_weeks(
        tx, one.cohort_id, [week.id for week in other.weeks(tx)]
    ),
    cohorts.set_counting: lambda tx, one, _: cohorts.set_counting(tx, one.cohort_id, "On paper.", counts=True),
    portfolio.keep_starts: lambda tx, one, _: portfolio.keep_starts(tx, one.cohort_id, NOW + DAY, TODAY),
    announcements.switch: lambda tx, one, _: announcements.switch(tx, one.cohort_id, on=True),
    announcements.set_next: lambda tx, one, _: announcements.set_next(tx, one.cohort_id, NOW),
    announcements.set_channel: lambda tx, one, _: announcements.set_channel(tx, one.cohort_id, ChannelId(9)),
    retention.finish: lambda tx, one, _: retention.finish(tx, one.cohort_id, NOW),
}
"""Every way to change something of a course."""

# What an account means in the DM, and a call of a member who is known by their number.
NOT_OF_A_COURSE = {members.set_chosen_cohort, bios.reserve}


def takes_a_course(function: Callable[..., Any]) -> bool:
    """Return whether a function is told a course or a server."""
    told = " ".join(str(one.annotation) for one in signature(function).parameters.values())
    return re.search(r"\b(?:Cohort|CohortId|GuildId)\b", told) is not None


def test_every_function_that_is_told_a_course_takes_part() -> None:
    stores = [import_module(f"storage.{found.name}") for found in iter_modules(storage.__path__) if not found.ispkg]
    public = {
        value
        for store in stores
        for name, value in vars(store).items()
        if isfunction(value) and value.__module__ == store.__name__ and not name.startswith("_")
    }
    told = {function for function in public if takes_a_course(function)}
    assert told - NOT_OF_A_COURSE == {*ASKED, *DONE}


def filled(tx: Tx, guild_id: int) -> Server:
    """Return a server with three members who have one of everything, one of them in every server."""
    accounts = (BOTH, UserId(guild_id * 1000 + 1), UserId(guild_id * 1000 + 2))
    course = open_course(tx, guild_id)
    people = {user_id: seat(tx, user_id, guild_id).id for user_id in accounts}
    tx.execute(update(tables.cohort).where(tables.cohort.c.id == course).values(register=True))
    for member in people.values():
        register.show_at_once(tx, member, TODAY, NOW)
    quiet = accounts[2]
    feedback.greeted(tx, course, people[quiet])
    feedback.add(tx, course, None, f"unsigned in {guild_id}", TODAY)
    sections.replace(tx, course, [guild_id * 10_000_000 + 7])
    texts = tuple(one.id for one in feedback.read(tx, course, 99))
    server = Server(GuildId(guild_id), course, people, texts)
    class_statistics.take(tx, server.cohort(tx), {"present": [ITEM]}, TODAY, NOW, None)
    access_log.add_at_register(tx, course, UserId(guild_id), Access.REGISTER, NOW)
    class_statistics.set_next(tx, course, NOW)
    bios.add_report(tx, course, AiReport.UNKIND, TODAY)
    return server


def answers(tx: Tx, one: Server, other: Server) -> dict[str, object]:
    return {f"{look.__module__}.{look.__name__}": ask(tx, one, other) for look, ask in ASKED.items()}


def rows_of(tx: Tx, one: Server) -> dict[str, list[tuple[Any, ...]]]:
    """Return a server's rows of every table, as the database has them."""
    owners = {"cohort_id": [one.cohort_id], "enrolment_id": [*one.people.values()]}
    found = {
        table.name: [
            tuple(row)
            for row in tx.execute(select(table).where(table.c[name].in_(ids)).order_by(*table.primary_key.columns))
        ]
        for table in tables.metadata.sorted_tables
        for name, ids in owners.items()
        if name in table.c
    }
    own = tx.execute(select(tables.cohort).where(tables.cohort.c.id == one.cohort_id)).one()
    return found | {"cohort": [tuple(own)]}


def test_what_a_course_is_asked_does_not_depend_on_what_another_server_has(tx: Tx) -> None:
    here = filled(tx, HERE)
    empty = Server(GuildId(THERE), CohortId(0), {}, ())
    alone = answers(tx, here, empty)
    there = filled(tx, THERE)
    assert {**answers(tx, here, empty)} == alone
    # Naming the other server's rows gives nothing of theirs either.
    for name, answer in answers(tx, here, there).items():
        assert str(there.guild_id * 1000) not in str(answer), name
        assert f"unsigned in {there.guild_id}" not in str(answer), name
    assert str(HERE * 1000 + 1) in str(alone)


def test_what_is_done_in_one_course_changes_nothing_in_another(tx: Tx) -> None:
    here, there = filled(tx, HERE), filled(tx, THERE)
    theirs = rows_of(tx, there)
    assert all(theirs.values())
    for change, do in DONE.items():
        with tx.begin_nested() as step:
            do(tx, here, there)
            assert rows_of(tx, there) == theirs, change
            step.rollback()


def test_whatever_happens_in_one_server_the_other_answers_the_same(sqlite_database: Database) -> None:
    changes = st.lists(
        st.one_of(
            st.sampled_from(list(DONE.values())),
            st.tuples(st.sampled_from(list(WRITES.values())), st.integers(0, 2), st.integers(0, 3)),
        ),
        min_size=1,
        max_size=10,
    )

    @settings(max_examples=10)
    @given(changes)
    def holds(taken: list[Ask | tuple[Write, int, int]]) -> None:
        with sqlite_database.engine.connect() as tx, tx.begin() as transaction:
            here, there = filled(tx, HERE), filled(tx, THERE)
            before = answers(tx, here, there), rows_of(tx, here)
            for change in taken:
                _happen(tx, change, there, here)
            assert (answers(tx, here, there), rows_of(tx, here)) == before
            transaction.rollback()

    holds()


def _happen(tx: Tx, change: Ask | tuple[Write, int, int], there: Server, here: Server) -> None:
    """Let something happen in a server: to its course, or by one of its members."""
    if callable(change):
        change(tx, there, here)
        return
    write, which, number = change
    user_id, member = list(there.people.items())[which]
    try:
        with tx.begin_nested():
            write(tx, Member(member, user_id, there.cohort_id), number)
    except IndexError:
        return  # the row to change was taken out before
