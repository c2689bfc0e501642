"""What one member keeps is never another's: not to read, not to change, not to take along when they go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from inspect import isfunction
from itertools import product
from types import ModuleType
from typing import Any, Never, TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, delete, func, insert, select, update

from bot.coaching.cohort import Access, Cohort, Membership, SharedItem
from bot.coaching.course_plan import DoneBy, DueDay, PlanWeek, StepState
from bot.coaching.focus import Focus
from bot.coaching.footprint import Answer, Answered
from bot.coaching.goals import Beginning, Benefit, Goal, GoalDraft, GoalEnding, Obstacle, UnfinishedGoal
from bot.coaching.ids import (
    ActionId,
    AlertId,
    CohortId,
    ContactId,
    EnrolmentId,
    GuildId,
    OpportunityId,
    PortfolioEntryId,
    SpaceId,
    UserId,
    WeekId,
)
from bot.coaching.log import Action, ActionDraft
from bot.coaching.momentum import Pause
from bot.coaching.network import Alert, AlertKind, Category, Contact, ContactDraft, SpaceKind, Stage
from bot.coaching.nudges import NudgeKey, NudgeKind, Recipient
from bot.coaching.opportunities import Opportunity, OpportunityDraft, OpportunityKind, OpportunityState
from bot.coaching.portfolio import Entry, PortfolioKind
from bot.coaching.register import Listing, RegisterFilter
from bot.coaching.weeks import Calendar
from prompts import load_content
from storage import (
    access_log,
    bios,
    checkin,
    class_statistics,
    course_plan,
    digest,
    feedback,
    focus,
    footprint,
    goals,
    inventory,
    log,
    members,
    messages,
    network,
    nudges,
    opportunities,
    pauses,
    portfolio,
    register,
    sections,
    shares,
    snapshot,
    student_numbers,
    tables,
)
from storage import cohort as cohorts
from storage.bios import Call, Caps, Checked, Consent
from storage.database import Database, Tx
from storage.nudges import About
from tests.storage.course import DAY, ME, NOW, OTHER, TERM, TODAY, VOCABULARY, enrol, open_course

STORES: Sequence[ModuleType] = (
    goals,
    network,
    opportunities,
    feedback,
    pauses,
    footprint,
    focus,
    log,
    bios,
    shares,
    access_log,
    register,
    checkin,
    class_statistics,
    digest,
    sections,
    snapshot,
    inventory,
    messages,
    student_numbers,
    course_plan,
    portfolio,
)
CONTENT = load_content()
ITEM = "present.bio"
LONG_AGO = NOW - timedelta(days=365)
SECTION = 901
"""The role of a section of every course."""
INES = UserId(900)
"""An instructor."""
AMPLE = Caps(10**6, 10**9, 10**9)


@dataclass(frozen=True)
class Member:
    """Somebody whose every text says that it is theirs."""

    id: EnrolmentId
    user_id: UserId
    cohort_id: CohortId

    @property
    def mark(self) -> str:
        return f"of {self.user_id}"

    @property
    def to(self) -> Recipient:
        return Recipient(self.cohort_id, self.user_id)

    def key(self, kind: NudgeKind = NudgeKind.WEEKLY) -> NudgeKey:
        return NudgeKey(self.to, kind, "2027-03-01")

    def goal(self, tx: Tx) -> Goal:
        return goals.running(tx, self.id)[0]

    def contact(self, tx: Tx) -> Contact:
        return network.contacts(tx, self.id, VOCABULARY)[0]

    def opening(self, tx: Tx) -> Opportunity:
        return opportunities.kept(tx, self.id, TODAY)[0]

    def call(self, number: int) -> Call:
        return Call(self.id, GuildId(1), 100 + number, f"model {self.mark}", "1")

    def cohort(self, tx: Tx) -> Cohort:
        found = cohorts.get(tx, self.cohort_id)
        assert found is not None
        return found

    def action(self, tx: Tx) -> Action:
        return log.get(tx, self.id) or none_left()


def none_left() -> Never:
    """Say that the row to change was taken out before."""
    raise IndexError


def numbers(tx: Tx, table: Table) -> list[int]:
    """Return the numbers of everybody's rows."""
    return list(tx.scalars(select(table.c.id).order_by(table.c.id)))


def any_of(tx: Tx, table: Table, number: int) -> int:
    """Return the number of somebody's row: 0 and 1 are the first two, and so on around."""
    found = numbers(tx, table)
    return found[number % len(found)] if found else 0


def listing(tx: Tx, one: Member) -> object:
    """Return how the register lists somebody, in the whole course and in its section."""
    found = [
        register.listed(tx, one.cohort(tx), Listing(which, 1), section, NOW + DAY)
        for which in RegisterFilter
        for section in (None, SECTION)
    ]
    return [[entry for entry in listed if entry.enrolment_id == one.id] for listed in found]


def place(tx: Tx, one: Member) -> inventory.Place:
    [found] = [found for found in inventory.places(tx, one.user_id) if found.enrolment.id == one.id]
    return found


def loaded(tx: Tx, one: Member) -> object:
    """Return what a snapshot holds of somebody's own, without the words of the course."""
    found = place(tx, one)
    member = snapshot.load(tx, Membership(found.cohort, found.enrolment), CONTENT, NOW + DAY)
    words = {"seat", "now", "today", "checklist", "vocabulary", "stages"}
    return [getattr(member, field.name) for field in fields(member) if field.name not in words]


Read: TypeAlias = Callable[[Tx, Member], object]
Write: TypeAlias = Callable[[Tx, Member, int], object]

READS: Mapping[Callable[..., object], Read] = {
    goals.running: lambda tx, one: goals.running(tx, one.id),
    goals.free_slot: lambda tx, one: goals.free_slot(tx, one.id),
    goals.ended: lambda tx, one: goals.ended(tx, one.id, 99, "UTC"),
    goals.draft: lambda tx, one: goals.draft(tx, one.id),
    network.contacts: lambda tx, one: network.contacts(tx, one.id, VOCABULARY),
    network.contact: lambda tx, one: [
        found
        for number in numbers(tx, tables.contact)
        if (found := network.contact(tx, one.id, ContactId(number), VOCABULARY))
    ],
    network.names: lambda tx, one: network.names(tx, one.id),
    network.has_contact: lambda tx, one: [
        number for number in numbers(tx, tables.contact) if network.has_contact(tx, one.id, ContactId(number))
    ],
    network.spaces: lambda tx, one: network.spaces(tx, one.id),
    network.alerts: lambda tx, one: network.alerts(tx, one.id),
    opportunities.kept: lambda tx, one: opportunities.kept(tx, one.id, LONG_AGO.date()),
    opportunities.get: lambda tx, one: [
        found
        for number in numbers(tx, tables.opportunity)
        if (found := opportunities.get(tx, one.id, OpportunityId(number)))
    ],
    feedback.read: lambda tx, one: [
        found for found in feedback.read(tx, one.cohort_id, 99) if found.author == one.user_id
    ],
    feedback.asked_contact: lambda tx, one: [
        found for found in feedback.asked_contact(tx, one.cohort_id, 99) if found.enrolment_id == one.id
    ],
    feedback.asked_at: lambda tx, one: feedback.asked_at(tx, one.id),
    pauses.all_of: lambda tx, one: pauses.all_of(tx, one.id),
    footprint.answers: lambda tx, one: footprint.answers(tx, one.id),
    footprint.item: lambda tx, one: footprint.item(tx, one.id, ITEM, 99),
    focus.get: lambda tx, one: focus.get(tx, one.id),
    log.counts: lambda tx, one: log.counts(tx, one.id, NOW + DAY),
    log.counts_of_goals: lambda tx, one: log.counts_of_goals(tx, one.id),
    log.get: lambda tx, one: [
        found for number in numbers(tx, tables.action) if (found := log.get(tx, one.id, ActionId(number)))
    ],
    bios.checks: lambda tx, one: bios.checks(tx, one.id, 99),
    bios.consent: lambda tx, one: bios.consent(tx, one.id),
    nudges.history: lambda tx, one: nudges.history(tx, one.to, 99),
    shares.of: lambda tx, one: shares.of(tx, one.id),
    access_log.of: lambda tx, one: access_log.of(tx, one.id, 99),
    register.rows: lambda tx, one: register.rows(tx, one.cohort(tx), [ITEM], NOW + 30 * DAY, [one.id]),
    checkin.standings: lambda tx, one: [
        found for found in checkin.standings(tx, one.cohort(tx), NOW) if found.enrolment_id == one.id
    ],
    digest.wanted: lambda tx, one: digest.wanted(tx, one.to),
    messages.received: lambda tx, one: messages.received(tx, one.to),
    student_numbers.get: lambda tx, one: student_numbers.get(tx, one.id),
    snapshot.load: loaded,
    course_plan.steps: lambda tx, one: course_plan.steps(tx, one.cohort_id, one.id),
    course_plan.steps_and_focus: lambda tx, one: course_plan.steps_and_focus(tx, one.cohort_id, one.id),
    course_plan.hand_ins: lambda tx, one: [
        found for found in course_plan.hand_ins(tx, one.cohort_id) if found.enrolment_id == one.id
    ],
    portfolio.material: lambda tx, one: portfolio.material(tx, one.cohort_id, one.id),
    portfolio.shared_at: lambda tx, one: portfolio.shared_at(tx, one.id),
    portfolio.shared_page: lambda tx, one: portfolio.shared_page(tx, one.id),
    register.listed: listing,
    register.behind: lambda tx, one: [
        found
        for found in register.behind(tx, one.cohort(tx), Listing(), None, NOW + DAY)
        if found.enrolment_id == one.id
    ],
    inventory.places: place,
    inventory.rows_in: lambda tx, one: inventory.rows_in(tx, place(tx, one)),
    inventory.counts_in: lambda tx, one: inventory.counts_in(tx, place(tx, one)),
}
"""Every way to read what a member keeps."""


def add_goal(tx: Tx, one: Member, number: int) -> None:
    slot = goals.free_slot(tx, one.id)
    if slot is not None:
        draft = GoalDraft("connect", f"Goal {number} {one.mark}", 2, "If it is Friday, then I will reply", 6)
        goals.add(tx, one.id, draft, slot, TODAY, NOW)


def look_back(tx: Tx, one: Member, _number: int) -> None:
    goal = one.goal(tx)
    goals.set_reflection(tx, goal.id, one.mark, Benefit.LEARNING)
    # What was said of it is read once it has ended.
    goals.end(tx, goal.id, GoalEnding.KEPT, NOW)


def add_contact(tx: Tx, one: Member, number: int) -> None:
    draft = ContactDraft(f"Owl {len(numbers(tx, tables.contact))}-{number} {one.mark}", Category.PEER)
    network.add_contact(tx, one.id, draft, TODAY)


def add_action(tx: Tx, one: Member, number: int) -> None:
    known = network.contacts(tx, one.id, VOCABULARY)
    draft = ActionDraft("reply", one.mark, contact=known[0].id if known else None)
    log.add(tx, one.id, draft, TODAY + number * DAY, NOW)


def get_message(tx: Tx, one: Member, number: int) -> None:
    """Let an instructor of their own write to a member, once in a week that the number says."""
    instructor, day = UserId(INES + one.user_id), TODAY + 7 * number * DAY
    if messages.wrote_on(tx, one.cohort_id, instructor, day):
        return
    draft = messages.keep_draft(tx, one.cohort_id, instructor, "Ines", "Hello", NOW)
    messages.send(tx, draft, members.reachable(tx, one.cohort_id, [one.id]), day, day, NOW)


def week_of(tx: Tx, one: Member) -> WeekId:
    """Return the week of their course, which then has one."""
    found = course_plan.weeks(tx, one.cohort_id)
    if not found:
        term = Calendar(TERM.starts_on, TERM.ends_on)
        plan = PlanWeek("A theme", "A step", 5, DueDay.FRIDAY, DoneBy.ITEM, ITEM)
        course_plan.put_week(tx, one.cohort_id, None, TODAY - 2 * DAY, plan, term)
        found = course_plan.weeks(tx, one.cohort_id)
    return found[0].id


def uncomplete(tx: Tx, one: Member, _: int) -> None:
    """Open the step of their course's week, which an entry completed that is no longer there."""
    week = week_of(tx, one)
    course_plan.set_week(tx, one.cohort_id, week, done_by=DoneBy.ACTION, done_ref="gone")
    course_plan.reopen(tx, one.id, week)
    course_plan.put_step(tx, one.id, week, StepState.DONE, TODAY)
    course_plan.uncomplete(tx, one.cohort(tx), one.id, "gone", TODAY)


# Those that name a row by its number alone are for the member's own rows, which their callers have looked up; those
# that name the member too are given anybody's.
WRITES: Mapping[Callable[..., object], Write] = {
    goals.add: add_goal,
    goals.end: lambda tx, one, _: goals.end(tx, one.goal(tx).id, GoalEnding.KEPT, NOW),
    goals.set_reflection: look_back,
    goals.set_obstacle: lambda tx, one, _: goals.set_obstacle(tx, one.goal(tx).id, Obstacle.TIME, one.mark),
    goals.set_paused: lambda tx, one, _: goals.set_paused(tx, one.goal(tx).id, TODAY, 3),
    goals.put_draft: lambda tx, one, number: goals.put_draft(
        tx, one.id, UnfinishedGoal(Beginning.ALONE, title=f"Draft {number} {one.mark}"), NOW
    ),
    goals.drop_draft: lambda tx, one, _: goals.drop_draft(tx, one.id),
    network.add_contact: add_contact,
    network.change_contact: lambda tx, one, _: network.change_contact(
        tx, one.contact(tx).id, ContactDraft(one.contact(tx).nickname, Category.ALUM, shares=one.mark)
    ),
    network.set_stage: lambda tx, one, _: network.set_stage(tx, one.contact(tx).id, Stage.MET, TODAY + DAY),
    network.set_rested: lambda tx, one, _: network.set_rested(tx, one.contact(tx).id, rested=True),
    network.remove_contact: lambda tx, one, number: network.remove_contact(
        tx, one.id, ContactId(any_of(tx, tables.contact, number))
    ),
    network.add_space: lambda tx, one, _: network.add_space(tx, one.id, one.mark, SpaceKind.CHAT, None),
    network.remove_space: lambda tx, one, number: network.remove_space(
        tx, one.id, SpaceId(any_of(tx, tables.space, number))
    ),
    network.add_alert: lambda tx, one, _: network.add_alert(
        tx, one.id, Alert(AlertId(0), AlertKind.JOB, one.mark, None, None, TODAY, None)
    ),
    network.keep_alert: lambda tx, one, number: network.keep_alert(
        tx, one.id, AlertId(any_of(tx, tables.alert, number)), TODAY
    ),
    network.remove_alert: lambda tx, one, number: network.remove_alert(
        tx, one.id, AlertId(any_of(tx, tables.alert, number))
    ),
    opportunities.add: lambda tx, one, _: opportunities.add(
        tx, one.id, OpportunityDraft(f"Opening {one.mark}", OpportunityKind.JOB), TODAY
    ),
    opportunities.change: lambda tx, one, _: opportunities.change(
        tx, one.opening(tx).id, OpportunityDraft(f"Changed {one.mark}", OpportunityKind.OTHER)
    ),
    opportunities.set_state: lambda tx, one, _: opportunities.set_state(
        tx, one.opening(tx).id, OpportunityState.SENT, TODAY
    ),
    opportunities.set_followed: lambda tx, one, _: opportunities.set_followed(tx, one.opening(tx).id, TODAY),
    opportunities.set_thanked: lambda tx, one, _: opportunities.set_thanked(tx, one.opening(tx).id, TODAY),
    opportunities.remove: lambda tx, one, _: opportunities.remove(tx, one.opening(tx).id),
    feedback.add: lambda tx, one, _: feedback.add(tx, one.cohort_id, one.id, one.mark, TODAY),
    feedback.ask_contact: lambda tx, one, _: feedback.ask_contact(tx, one.id, NOW),
    feedback.greeted: lambda tx, one, _: feedback.greeted(tx, one.cohort_id, one.id),
    pauses.add: lambda tx, one, number: pauses.add(tx, one.id, Pause(TODAY, TODAY + (number + 2) * DAY)),
    pauses.end: lambda tx, one, _: pauses.end(tx, one.id, TODAY + DAY),
    footprint.put: lambda tx, one, number: footprint.put(
        tx, one.id, ITEM, Answered(Answer.FIXED, TODAY + number * DAY)
    ),
    focus.put: lambda tx, one, number: focus.put(tx, one.id, Focus((f"{number} {one.mark}",)), NOW),
    focus.set_new_accounts: lambda tx, one, _: focus.set_new_accounts(tx, one.id, NOW, new=True),
    log.add: add_action,
    log.change: lambda tx, one, _: log.change(tx, one.action(tx).id, ActionDraft("ask", f"Changed {one.mark}")),
    log.remove: lambda tx, one, number: log.remove(tx, one.id, ActionId(any_of(tx, tables.action, number))),
    bios.add_check: lambda tx, one, number: bios.add_check(
        tx, one.id, Checked(TODAY, one.mark, ("B01", f"B{number:02d}"))
    ),
    bios.set_consent: lambda tx, one, number: bios.set_consent(tx, one.id, Consent(one.mark, number, NOW)),
    bios.reserve: lambda tx, one, number: bios.reserve(tx, one.call(number), AMPLE, NOW),
    nudges.move_reminder: lambda tx, one, number: nudges.move_reminder(
        tx, one.key(NudgeKind.REMINDER), NOW + number * DAY, About("A23", subject=one.mark)
    ),
    shares.share: lambda tx, one, number: shares.share(
        tx, one.id, SharedItem.GOAL if number == 9 else SharedItem.REFLECTION, NOW
    ),
    shares.unshare: lambda tx, one, _: shares.unshare(tx, one.id, SharedItem.GOAL),
    access_log.add: lambda tx, one, _: access_log.add(tx, [one.id], INES, Access.MEMBER, NOW),
    access_log.add_once_an_hour: lambda tx, one, _: access_log.add_once_an_hour(
        tx, [one.id], INES, Access.CHECKIN, NOW
    ),
    checkin.set_greeted: lambda tx, one, _: checkin.set_greeted(tx, one.cohort_id, one.id, NOW),
    digest.ask: lambda tx, one, _: digest.ask(tx, one.to, NOW),
    digest.drop: lambda tx, one, _: digest.drop(tx, one.to),
    sections.note_of_member: lambda tx, one, _: sections.note_of_member(tx, one.cohort_id, one.id, [SECTION]),
    register.show_at_once: lambda tx, one, _: register.show_at_once(tx, one.id, TODAY, NOW - DAY),
    messages.send: get_message,
    student_numbers.give: lambda tx, one, number: student_numbers.give(
        tx, one.cohort_id, one.id, f"{number} {one.mark}", f"{number} {one.mark}"
    ),
    student_numbers.take_out: lambda tx, one, _: student_numbers.take_out(tx, one.id),
    course_plan.put_step: lambda tx, one, number: course_plan.put_step(
        tx, one.id, week_of(tx, one), StepState.DONE, TODAY, f"{number} {one.mark}"
    ),
    course_plan.reopen: lambda tx, one, _: course_plan.reopen(tx, one.id, week_of(tx, one)),
    course_plan.complete: lambda tx, one, _: [
        course_plan.reopen(tx, one.id, week_of(tx, one)),
        course_plan.complete(tx, one.cohort_id, one.id, DoneBy.ITEM, ITEM, TODAY),
    ],
    course_plan.uncomplete: uncomplete,
    portfolio.put: lambda tx, one, number: portfolio.put(
        tx, one.id, Entry(PortfolioEntryId(0), PortfolioKind.LINE, "week:1", f"{number} {one.mark}", False, TODAY)
    ),
    portfolio.confirm: lambda tx, one, number: portfolio.confirm(
        tx, one.id, PortfolioEntryId(any_of(tx, tables.portfolio_entry, number))
    ),
    portfolio.remove: lambda tx, one, number: portfolio.remove(
        tx, one.id, [PortfolioEntryId(any_of(tx, tables.portfolio_entry, number))]
    ),
    portfolio.share: lambda tx, one, number: portfolio.share(tx, one.id, f"Page {number} {one.mark}", NOW),
    portfolio.take_back: lambda tx, one, _: portfolio.take_back(tx, one.id),
}
"""Every way to change what a member keeps; the number says which, or on which day."""

# Of a row in hand. Of the course, not of a member: counts, and what instructors have seen. Of an account in all
# courses. And of a nudge, whose seat was checked, and of a call in hand.
NOT_OF_A_MEMBER = {
    goals.goal_of,
    network.contacts_of,
    network.spaces_of,
    network.alert_of,
    opportunities.opportunity_of,
    footprint.answer_of,
    focus.focus_of,
    log.count_of,
    log.by_goal,
    log.weeks_before,
    feedback.unread,
    feedback.mark_read,
    log.logged_for,
    bios.settle,
    bios.outcomes,
    bios.latest_of,
    bios.scope_of_member,
    digest.readers,
    bios.add_report,
    bios.reports,
    class_statistics.due,
    class_statistics.lock_due,
    class_statistics.set_next,
    class_statistics.planned,
    class_statistics.next_at,
    class_statistics.take,
    class_statistics.has,
    class_statistics.snapshots,
    class_statistics.with_sections,
    access_log.add_at_register,
    access_log.note_with_members,
    access_log.at_row,
    access_log.seen_by,
    register.switch,
    register.counts,
    register.active_by_week,
    register.notes,
    register.planned,
    sections.of_course,
    sections.replace,
    messages.keep_draft,
    messages.get,
    messages.named,
    messages.wrote_on,
    messages.subject_of,
    messages.received_by,
    messages.owe_notice,
    messages.delete_old,
    student_numbers.two_claims,
    course_plan.weeks,
    course_plan.get,
    course_plan.begun,
    course_plan.done_by_some,
    course_plan.remove_weeks,
    course_plan.keep_due_days,
    course_plan.replace_weeks,
    course_plan.put_week,
    course_plan.set_week,
    course_plan.step_of,
    portfolio.keep_starts,
    inventory.rows_of_account,
    inventory.counts_of_account,
}
FILLING = (
    goals.add,
    goals.put_draft,
    network.add_contact,
    network.add_space,
    network.add_alert,
    opportunities.add,
    feedback.add,
    feedback.ask_contact,
    pauses.add,
    footprint.put,
    focus.put,
    log.add,
    bios.add_check,
    bios.set_consent,
    bios.reserve,
    nudges.move_reminder,
    shares.share,
    access_log.add,
    messages.send,
    student_numbers.give,
    course_plan.put_step,
    portfolio.put,
    portfolio.share,
)

SECOND_OF_TWO = (
    network.remove_contact,
    network.remove_space,
    network.keep_alert,
    network.remove_alert,
    log.remove,
    portfolio.confirm,
    portfolio.remove,
)
CHANGES_NOTHING = {
    *product((feedback.ask_contact, digest.ask), (0, 1)),
    *((write, 1) for write in SECOND_OF_TWO),
}
"""Asking again, and naming a row that is somebody else's."""


def seat(tx: Tx, user_id: UserId, guild_id: int = 1) -> Member:
    """Return a member who has one of everything."""
    one = Member(enrol(tx, user_id, guild_id), user_id, open_course(tx, guild_id))
    for write in FILLING:
        WRITES[write](tx, one, 9)
    tx.execute(update(tables.cohort).where(tables.cohort.c.id == one.cohort_id).values(register=True))
    register.show_at_once(tx, one.id, TODAY, NOW)
    portfolio.keep_starts(tx, one.cohort_id, NOW + DAY, TODAY)
    sections.replace(tx, one.cohort_id, [SECTION])
    for by in (INES, user_id):
        access_log.add_at_register(tx, one.cohort_id, by, Access.REGISTER, NOW)
    tx.execute(insert(tables.digest).values(cohort_id=one.cohort_id, user_id=user_id, asked_at=NOW))
    messages.keep_draft(tx, one.cohort_id, user_id, "Me", "A draft", NOW)
    return one


def view(tx: Tx, one: Member) -> dict[str, object]:
    return {f"{read.__module__}.{read.__name__}": look(tx, one) for read, look in READS.items()}


def owned(tx: Tx, one: Member) -> dict[str, list[tuple[Any, ...]]]:
    """Return a member's rows of every table, as the database has them."""
    mine = {"by_user_id": one.user_id, "enrolment_id": one.id, "user_id": one.user_id}
    return {
        table.name: [
            tuple(row)
            for row in tx.execute(select(table).where(table.c[name] == owner).order_by(*table.primary_key.columns))
        ]
        for table in tables.metadata.sorted_tables
        for name, owner in mine.items()
        if name in table.c
    }


def test_every_function_of_the_stores_takes_part() -> None:
    public = {
        value
        for store in STORES
        for name, value in vars(store).items()
        if isfunction(value) and value.__module__ == store.__name__ and not name.startswith("_")
    }
    of_nudges = {nudges.history, nudges.move_reminder}
    assert {*READS, *WRITES, *NOT_OF_A_MEMBER} - of_nudges == public


def test_every_read_and_write_works_on_each_database(tx: Tx) -> None:
    me = seat(tx, ME)
    view(tx, me)
    for write in WRITES.values():
        with tx.begin_nested() as step:
            write(tx, me, 0)
            step.rollback()


def test_what_one_member_changes_is_their_own(sqlite_tx: Tx) -> None:
    tx = sqlite_tx
    me, other = seat(tx, ME), seat(tx, OTHER)
    mine, theirs = view(tx, me), owned(tx, other)
    # The first row is mine and the second somebody else's.
    for write, number in product(WRITES, (0, 1)):
        with tx.begin_nested() as step:
            WRITES[write](tx, me, number)
            assert owned(tx, other) == theirs, write
            assert ((write, number) in CHANGES_NOTHING) == (view(tx, me) == mine), write
            step.rollback()


def test_whatever_two_members_do_neither_sees_anything_of_the_other(sqlite_database: Database) -> None:
    steps = st.lists(
        st.tuples(st.booleans(), st.sampled_from(list(WRITES.values())), st.integers(0, 3)), min_size=1, max_size=12
    )

    @settings(max_examples=15)
    @given(steps)
    def holds(taken: list[tuple[bool, Write, int]]) -> None:
        with sqlite_database.engine.connect() as tx, tx.begin() as transaction:
            me, other = seat(tx, ME), seat(tx, OTHER)
            for mine, write, number in taken:
                one, another = (me, other) if mine else (other, me)
                before = owned(tx, another)
                try:
                    write(tx, one, number)
                except IndexError:
                    continue  # the row to change was taken out before
                assert owned(tx, another) == before
            assert other.mark not in str(view(tx, me))
            assert me.mark not in str(view(tx, other))
            transaction.rollback()

    holds()


def test_a_member_of_two_courses_has_two_of_everything(sqlite_tx: Tx) -> None:
    tx = sqlite_tx
    here, there = seat(tx, ME), seat(tx, ME, 2)
    before = view(tx, there)
    for write in WRITES.values():
        with tx.begin_nested() as step:
            write(tx, here, 0)
            assert view(tx, there) == before
            step.rollback()


# Going


def test_erasing_a_course_erases_all_that_was_kept_in_it_and_no_account(tx: Tx) -> None:
    here, there = seat(tx, ME), seat(tx, ME, 2)
    feedback.add(tx, here.cohort_id, None, "not signed", TODAY)
    kept = view(tx, there)
    tx.execute(delete(tables.cohort).where(tables.cohort.c.id == here.cohort_id))
    assert view(tx, there) == kept
    of_course = {"cohort_section", "class_snapshot", "register_access", "ai_report", "course_week"}
    left = {
        table.name: tx.scalar(select(func.count()).select_from(table))
        for table in tables.metadata.sorted_tables
        if table.name not in {"setting", "ai_budget", *of_course}
    }
    # A reminder and a message; the message and a draft.
    assert left.pop("nudge") == left.pop("instructor_message") == 2
    assert set(left.values()) == {1}
