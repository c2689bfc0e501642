"""The next step: what it is about, whose words it has, and what a text may be filled with."""

from dataclasses import replace
from datetime import timedelta

from bot.coaching.focus import Connection
from bot.coaching.footprint import Answer
from bot.coaching.ids import AlertId
from bot.coaching.log import ActionDraft, Outcome
from bot.coaching.network import Alert, AlertKind, Category, ContactDraft, Stage
from bot.coaching.next_action import Rule
from bot.coaching.opportunities import OpportunityDraft, OpportunityKind
from bot.services.steps import step_for, text_values
from storage import network, opportunities
from tests.services.course import GOAL, START, WEEK, Course, member

DAY = timedelta(days=1)


async def on_track(course: Course) -> None:
    """Let a member have a focus, a goal, and the quick items done."""
    await course.join(10, channel=False)
    await course.set_focus(10)
    await course.set_goal(10)
    for item in course.content.checklist.quick_start:
        await course.footprint.answer(member(10), item, Answer.FINE, course.clock())


async def test_a_step_about_a_person_names_the_one_who_has_waited_longest(course: Course) -> None:
    await on_track(course)
    mine = (await course.me.me(member(10), START)).seen.seat.enrolment.id
    for days, nickname in ((20, "Ana"), (40, "Ben")):
        on = (START - days * DAY).date()
        draft = ContactDraft(nickname, Category.PEER, Stage.CONVERSED)
        await course.database.transact(lambda tx, draft=draft, on=on: network.add_contact(tx, mine, draft, on))
    course.clock.set(START + 15 * DAY)
    await course.log.log(member(10), ActionDraft("reply"), course.clock())
    me = await course.me.me(member(10), course.clock())
    step = step_for(me.seen, course.content, course.content.rules["A17"])
    assert step.reference is not None
    values = text_values(me.seen, step)
    assert (values["who"], values["days"]) == ("Ben", "55")


async def test_a_step_about_an_opening_names_the_one_whose_last_day_comes_first(course: Course) -> None:
    await on_track(course)
    mine = (await course.me.me(member(10), START)).seen.seat.enrolment.id
    for ahead, title in ((6, "Later"), (2, "Sooner *one*")):
        draft = OpportunityDraft(title, OpportunityKind.JOB, None, (START + ahead * DAY).date())
        await course.database.transact(lambda tx, draft=draft: opportunities.add(tx, mine, draft, START.date()))
    me = await course.me.me(member(10), START)
    assert me.step.rule.id == "A01"
    values = text_values(me.seen, me.step)
    assert (values["opening"], values["days"]) == ("Sooner \\*one\\*", "2")


async def test_a_step_about_advice_counts_from_the_day_of_the_advice(course: Course) -> None:
    await on_track(course)
    mine = (await course.me.me(member(10), START)).seen.seat.enrolment.id
    draft = ContactDraft("Ana", Category.MENTOR, Stage.NOTICED)
    ana = await course.database.transact(lambda tx: network.add_contact(tx, mine, draft, START.date()))
    await course.log.log(member(10), ActionDraft("talk", outcome=Outcome.ADVICE, contact=ana), START)
    for week in (1, 2, 3):
        course.clock.set(START + week * WEEK)
        await course.log.log(member(10), ActionDraft("note"), course.clock())
    me = await course.me.me(member(10), course.clock())
    assert me.step.rule.id == "A10"
    assert text_values(me.seen, me.step)["days"] == "21"


async def test_a_step_about_an_alert_names_no_person_and_no_opening(course: Course) -> None:
    await on_track(course)
    mine = (await course.me.me(member(10), START)).seen.seat.enrolment.id
    alert = Alert(AlertId(0), AlertKind.JOB, "nursing", None, None, START.date(), None)
    await course.database.transact(lambda tx: network.add_alert(tx, mine, alert))
    course.clock.set(START + 4 * WEEK)
    me = await course.me.me(member(10), course.clock())
    step = step_for(me.seen, course.content, me.step.rule, course.content.occasions["alert_payoff"])
    values = text_values(me.seen, step)
    assert values["days"] == "28"
    assert not {"who", "opening", "item"} & values.keys()


async def test_what_a_step_was_about_is_what_a_retry_speaks_of_while_it_is_there(course: Course) -> None:
    await on_track(course)
    mine = (await course.me.me(member(10), START)).seen.seat.enrolment.id
    first, second = [
        await course.database.transact(
            lambda tx, name=name: network.add_contact(
                tx, mine, ContactDraft(name, Category.PEER, Stage.CONVERSED), START.date()
            )
        )
        for name in ("Ana", "Ben")
    ]
    course.clock.set(START + 40 * DAY)
    seen = (await course.me.me(member(10), course.clock())).seen
    rule = course.content.rules["A17"]
    assert step_for(seen, course.content, rule).reference == f"person:{first}"
    assert step_for(seen, course.content, rule, None, f"person:{second}").reference == f"person:{second}"
    assert step_for(seen, course.content, rule, None, "person:999").subject is None


async def test_the_reason_fits_what_a_connection_means_to_the_member(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10, channel=False)
    rule = next(one for one in course.content.rules.values() if one.because_for)
    seen = (await course.me.me(member(10), START)).seen
    assert step_for(seen, course.content, rule).because == rule.because
    for connection, because in rule.because_for.items():
        await course.set_focus(10, connection=connection.value)
        seen = (await course.me.me(member(10), START)).seen
        assert step_for(seen, course.content, rule).because == because
    assert set(rule.because_for) <= set(Connection)


async def test_the_goals_own_small_version_is_told_where_the_rule_asks_for_it(sqlite_course: Course) -> None:
    course = sqlite_course
    await course.join(10, channel=False)
    await course.set_goal(10, replace(GOAL, tiny="Read one *post*"))
    seen = (await course.me.me(member(10), START)).seen
    tiny = [rule for rule in course.content.rules.values() if rule.tiny]
    assert tiny
    for rule in tiny:
        step = step_for(seen, course.content, rule)
        assert step.action == "Read one *post*"
        assert text_values(seen, step)["act"] == "Read one \\*post\\*"
    assert step_for(seen, course.content, course.content.rules["A23"]).smaller == "Read one *post*"


async def test_progress_has_a_value_only_when_there_is_some(sqlite_course: Course) -> None:
    course = sqlite_course
    await on_track(course)
    me = await course.me.me(member(10), START)
    assert "progress" not in text_values(me.seen, me.step)
    await course.log.log(member(10), ActionDraft("reply"), START)
    me = await course.me.me(member(10), START)
    assert text_values(me.seen, me.step)["progress"] == "1"


async def test_an_occasion_that_tells_the_rules_step_has_its_buttons_and_its_own_texts(sqlite_course: Course) -> None:
    course = sqlite_course
    await on_track(course)
    seen = (await course.me.me(member(10), START)).seen
    for occasion in course.content.occasions.values():
        rule = course.content.rules["A23"]
        step = step_for(seen, course.content, rule, occasion)
        assert step.situation == occasion.id
        assert step.buttons_of == (rule.situation if occasion.tells_rule else occasion.id)
        assert isinstance(step.speaker, Rule) is occasion.tells_rule
