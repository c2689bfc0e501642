"""Ways of taking part in a course: what somebody does over a term, week by week.

A persona is behaviour and says when it acts next; who acts, in which field and with which words, is a student of the
demo's class. Together the personas lead the rules and occasions into every situation there is. How common each way is,
nobody knows, so shares of a real class do not follow from them.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from types import MappingProxyType

from bot.coaching.focus import Connection, Season
from bot.coaching.goals import Beginning
from bot.coaching.log import Outcome
from bot.coaching.network import Category
from bot.coaching.opportunities import Move
from tests.simulation.world import WEEKS, Life, Participant

CONNECTIONS = tuple(Connection)
KINDS = tuple(Category)
TIMES = ((0, 16), (2, 9), (3, 19), (6, 11))
"""Weekdays and hours at which notes are liked; the first is the course's own."""
PLACEMENTS = ("Summer placement in town", "Graduate role, small team", "Placement abroad", "Traineeship, the council")
COURSES = ("Summer course", "Conference helpers", "Student project", "Open day")


async def _begin(
    me: Participant, *, quick: bool = False, season: Season | None = None, time: int | None = None
) -> None:
    """Join, choose a time for notes (`time` in TIMES; None: by chance) and say a focus.

    Only the persona decides who keeps a low profile. `quick`: answer the quick start of the checklist as well.
    """
    await me.begin()
    day, hour = me.rng.choice(TIMES) if time is None else TIMES[time]
    if (day, hour) != TIMES[0]:
        await me.change(day=day, hour=hour)
    connection = CONNECTIONS[me.variant % len(CONNECTIONS)]
    await me.say_focus(connection=connection.value, season=season and season.value)
    if quick:
        await me.quick_start()


async def steady(me: Participant) -> AsyncIterator[datetime]:
    """Does a little nearly every week, a little less than planned, and answers most notes."""
    await _begin(me, quick=me.variant > 0)
    await me.goal("connect", 3, 8, tiny="Like one post and read its answers")
    await me.find_space("The evening chat")
    someone = await me.meet(Category.PRACTITIONER)
    for week in range(WEEKS):
        for day in me.rng.sample(range(1, 7), me.rng.choice((1, 1, 2))):
            yield me.on(week, day)
            kind = me.rng.choice(("reply", "credit", "answer", "chat"))
            await me.log(kind, who=someone if kind == "chat" else None)
            await me.answer(0.4)


async def achiever(me: Participant) -> AsyncIterator[datetime]:
    """Reaches the target in nearly every week, now and then more than it."""
    await _begin(me, quick=True)
    await me.goal("contribute", 1, 6)
    await me.meet(Category.ALUM)
    for week in range(WEEKS):
        for day in range(1, me.rng.choice((1, 2, 2, 2, 3))):
            yield me.on(week, day)
            await me.log(me.rng.choice(("credit", "answer", "introduce")))
        yield me.on(week, 5)
        await me.answer(0.7)


async def finisher(me: Participant) -> AsyncIterator[datetime]:
    """Does everything that was planned, and takes the next goal after the review."""
    await _begin(me, quick=True)
    await me.goal("learn", 1, 4)
    for week in range(WEEKS):
        yield me.on(week, 2)
        await me.log("note")
        yield me.on(week, 4)
        await me.answer(0.8)


async def burster(me: Participant) -> AsyncIterator[datetime]:
    """Does nothing for some weeks, then a lot within one; looks at every note."""
    await _begin(me, quick=me.chance(0.5))
    await me.goal("connect", 2, 8, tiny="Reply with one line")
    week = 1
    while week < WEEKS:
        gap = me.rng.randint(2, 5)
        for quiet in range(week, min(week + gap, WEEKS)):
            yield me.on(quiet, 2)
            me.unread()
            await me.look()
        week += gap
        someone = await me.meet(me.rng.choice(KINDS))
        for day in (3, 3, 4):
            yield me.on(week - 1, day)
            await me.log(me.rng.choice(("reply", "ask", "talk", "answer")), who=someone if day == 4 else None)


async def lurker(me: Participant) -> AsyncIterator[datetime]:
    """Listens and takes notes in one place, and says nothing."""
    await _begin(me, quick=me.chance(0.5))
    await me.find_space("The Wednesday chat")
    await me.goal("learn", 3, 8)
    for week in range(WEEKS):
        for day in me.rng.sample(range(1, 6), me.rng.choice((1, 1, 2))):
            yield me.on(week, day)
            await me.log(me.rng.choice(("note", "follow")))
        yield me.on(week, 6)
        await me.answer(0.1)


async def over_poster(me: Participant) -> AsyncIterator[datetime]:
    """Shows a lot to everyone, and talks with hardly anyone."""
    await _begin(me)
    await me.goal("visible", 2, 8)
    for week in range(WEEKS):
        for day in me.rng.sample(range(1, 6), me.rng.choice((1, 2))):
            yield me.on(week, day)
            await me.log(me.rng.choice(("post_work", "share_link", "share_link")))
        yield me.on(week, 6)
        await me.answer(0.3)


async def asker(me: Participant) -> AsyncIterator[datetime]:
    """Asks people for things, and gives little."""
    await _begin(me, quick=me.chance(0.5))
    await me.goal("opportunity", 3, 8)
    for week in range(WEEKS):
        yield me.on(week, me.rng.randrange(1, 5))
        await me.log(me.rng.choice(("invite", "follow_up", "apply")))
        if me.chance(0.4):
            await me.log("reply")
        yield me.on(week, 6)
        await me.answer(0.3)


async def ghost(me: Participant) -> AsyncIterator[datetime]:
    """Begins, and never comes back; one of them without a goal."""
    await _begin(me, quick=me.variant > 0, time=0)
    if me.variant != 1:
        await me.goal("connect", 2, 8)
    for _ in ():  # never again
        yield me.clock()


async def returner(me: Participant) -> AsyncIterator[datetime]:
    """Is away for weeks, with notes turned off or unanswered, and comes back between two notes."""
    await _begin(me, quick=True, time=0)
    await me.goal("connect", 2, 8)
    yield me.on(1, 3)
    await me.log("reply")
    await me.answer(0.5)
    if me.variant % 2:
        await me.change(on=False)
        yield me.on(4, 4)
        await me.change(on=True)
    else:
        yield me.on(12, 4)
        await me.goal("learn", 2, 6, beginning=Beginning.REPLACE)
    for week in range(7 if me.variant % 2 else 13, WEEKS):
        me.unread()
        await me.log("note")
        yield me.on(week, 4)


async def job_hunter(me: Participant) -> AsyncIterator[datetime]:
    """Keeps opportunities with dates, sends most of them, and hears yes, no or nothing."""
    await _begin(me, quick=True, season=Season.SEARCHING)
    recruiter = await me.meet(Category.RECRUITER)
    await me.goal("opportunity", 2, 8)
    for week in range(0, WEEKS - 3, 4):
        yield me.on(week, 3)
        opening = await me.spot(PLACEMENTS[week // 4], 9)
        other = await me.spot(COURSES[week // 4], 16)
        await me.answer(0.5)
        yield me.on(week + 1, 4)
        await me.tell(opening, Move.SENT)
        await me.log("follow_up", who=recruiter, outcome=Outcome.NOTHING_YET if week % 8 else Outcome.REPLY)
        await me.answer(0.3)
        yield me.on(week + 2, 4)
        await me.tell(other, Move.DROP)
        await me.answer(0.3)
        yield me.on(week + 3, 4)
        await me.answer(0.3)
        await me.tell(opening, (Move.YES, Move.NO)[(week // 4 + me.variant) % 2])


async def low_profile(me: Participant) -> AsyncIterator[datetime]:
    """Wants to be found less: has new accounts, listens, writes to one person in private, and never shows anything."""
    await _begin(me, season=Season.LOW_PROFILE)
    await me.has_new_accounts()
    await me.goal("connect" if me.variant % 2 else "learn", 2, 6)
    someone = await me.meet(Category.PEER)
    for week in range(WEEKS):
        yield me.on(week, me.rng.randrange(1, 6))
        await me.log(me.rng.choice(("note", "follow")))
        if me.chance(0.2):
            await me.log("chat", who=someone)
        await me.answer(0.4)


async def box_breaker(me: Participant) -> AsyncIterator[datetime]:
    """Spends more minutes than the time box, week after week."""
    await _begin(me, quick=True)
    await me.goal("connect", 3, 8, box_minutes=30)
    for week in range(WEEKS):
        yield me.on(week, me.rng.randrange(1, 6))
        await me.log(me.rng.choice(("reply", "note", "answer")), minutes=me.rng.choice((20, 40, 50)))
        await me.answer(0.4)


async def networker(me: Participant) -> AsyncIterator[datetime]:
    """Meets people, gets advice, and thanks some of them."""
    await _begin(me, quick=True)
    await me.find_space("The monthly meet-up")
    await me.goal("connect", 3, 8)
    for week in range(WEEKS):
        yield me.on(week, 4)
        await me.answer(0.5)
        if week % 3 == me.variant % 3:
            someone = await me.meet(KINDS[week % len(KINDS)])
            outcome = Outcome.ADVICE if week % 2 else Outcome.MEETING
            await me.log("interview", outcome=outcome, who=someone)
            yield me.on(week, 6, 18)
            if me.chance(0.4):
                await me.log("thank", who=someone)
        elif me.chance(0.7):
            await me.log("answer")


async def talker(me: Participant) -> AsyncIterator[datetime]:
    """Chats with a few people early on, and never meets any of them."""
    await _begin(me, quick=True)
    await me.goal("connect", 3, 8)
    voices = [await me.meet(KINDS[number]) for number in range(4)]
    for week in range(4):
        yield me.on(week, 3)
        await me.log("chat", who=voices[week])
        await me.answer(0.3)
    for week in range(4, WEEKS):
        yield me.on(week, me.rng.randrange(1, 5))
        await me.log(me.rng.choice(("reply", "answer")), who=me.rng.choice(voices[:2]), outcome=Outcome.REPLY)
        await me.answer(0.2)


async def unfocused(me: Participant) -> AsyncIterator[datetime]:
    """Never sets a focus; every second one has a goal all the same."""
    await me.begin()
    if me.variant % 2:
        await me.goal("learn", 2, 8)
    for week in range(WEEKS):
        yield me.on(week, me.rng.randrange(1, 6))
        if me.chance(0.6):
            await me.log("note" if me.chance(0.5) else "reply")
        await me.answer(0.4)


async def goalless(me: Participant) -> AsyncIterator[datetime]:
    """Never sets a goal; the rest is done."""
    await _begin(me, quick=me.variant > 0)
    for week in range(WEEKS):
        yield me.on(week, me.rng.randrange(1, 6))
        if me.chance(0.6):
            await me.log(me.rng.choice(("note", "reply", "credit")))
        await me.answer(0.5)


async def resting(me: Participant) -> AsyncIterator[datetime]:
    """Lets the goal rest for half the term."""
    await _begin(me, quick=me.variant > 1)
    goal = await me.goal("connect", 2, 6)
    for week in range(WEEKS):
        yield me.on(week, me.rng.randrange(1, 6))
        if week == 2 + me.variant:
            await me.services.goals.pause(me.caller, goal.id, me.clock())
        if week == 11 + me.variant:
            await me.services.goals.go_on(me.caller, goal.id, me.clock())
        if me.chance(0.5):
            await me.log(me.rng.choice(("reply", "answer", "note")))
        await me.answer(0.5)


async def newcomer(me: Participant) -> AsyncIterator[datetime]:
    """Has new accounts in the field, and wants to talk there."""
    await _begin(me, quick=True)
    await me.has_new_accounts()
    await me.goal("visible" if me.variant % 2 else "connect", 2, 8)
    for week in range(WEEKS):
        yield me.on(week, me.rng.randrange(1, 6))
        await me.log(me.rng.choice(("reply", "answer", "note", "post_work")))
        await me.answer(0.4)


async def hesitant(me: Participant) -> AsyncIterator[datetime]:
    """Lets notes go unanswered until one asks what would help, and then takes a slower rhythm."""
    await _begin(me, quick=me.chance(0.5), time=0)
    await me.goal("connect", 2, 8)
    for week in range(1, WEEKS):
        yield me.on(week, 4)
        if me.unread() and week >= 3 and week % 3 == me.variant % 3:
            await me.change(every_weeks=me.rng.choice((2, 4)))
            await me.log("reply")


async def doubler(me: Participant) -> AsyncIterator[datetime]:
    """Has a second goal beside the first."""
    await _begin(me, quick=True)
    await me.goal("learn", 2, 6)
    for week in range(WEEKS):
        yield me.on(week, me.rng.randrange(1, 5))
        if week == 3 + me.variant:
            await me.goal("contribute", 2, 8, beginning=Beginning.BESIDE)
        for kind in me.rng.sample(("note", "follow", "credit", "answer", "reply"), me.rng.choice((1, 2))):
            await me.log(kind)
        await me.answer(0.5)


async def pauser(me: Participant) -> AsyncIterator[datetime]:
    """Pauses notes twice; likes them late in the day, and one of them discreet."""
    await _begin(me, quick=True, time=2)
    await me.change(discreet=me.variant == 1)
    await me.goal("connect", 2, 8)
    for week in range(WEEKS):
        yield me.on(week, 5)
        if week in {2 + me.variant, 12}:
            await me.change(pause_weeks=me.rng.choice((1, 2)))
        elif week == 7:
            await me.change(skip_next=True)
        if me.chance(0.6):
            await me.log("reply")
            await me.answer(0.4)


async def alert_keeper(me: Participant) -> AsyncIterator[datetime]:
    """Has alerts on, and does a little."""
    await _begin(me, quick=True)
    await me.set_alert()
    await me.goal("connect", 3, 8)
    for category in (Category.PEER, Category.ALUM, Category.EXPERT):
        await me.meet(category)
    for week in range(WEEKS):
        yield me.on(week, me.rng.randrange(1, 5))
        if week == 4:
            await me.set_alert("open data")
        if week == 2:
            await me.check_bio("Second-year student. I ran a workshop on night shifts.")
        if week == 9:
            await me.say_focus(fields="open data")
        if me.chance(0.8):
            await me.log(me.rng.choice(("reply", "answer")))
        await me.answer(0.6)


async def patient(me: Participant) -> AsyncIterator[datetime]:
    """Writes to people who do not answer."""
    await _begin(me, quick=True)
    await me.goal("connect", 3, 8)
    for week in range(WEEKS):
        yield me.on(week, 2)
        if week % 2 == me.variant % 2:
            someone = await me.meet(KINDS[week % len(KINDS)])
            await me.log(me.rng.choice(("reply", "ask")), who=someone)
        else:
            await me.log("credit")
        await me.answer(0.3)


async def tidier(me: Participant) -> AsyncIterator[datetime]:
    """Does the whole checklist in the first weeks, so that items fall due again within the term."""
    await _begin(me, quick=True)
    await me.goal("connect", 3, 8)
    items = [item.id for item in me.course.content.checklist.items]
    for week in range(WEEKS):
        yield me.on(week, 1, 8)
        if week < 3:
            await me.check(*items[10 * week : 10 * week + 10])
        await me.log(me.rng.choice(("reply", "answer", "note")))
        await me.answer(0.5)


async def latecomer(me: Participant) -> AsyncIterator[datetime]:
    """Joins weeks after the others, and catches up."""
    yield me.on(4 + me.variant, 2)
    await _begin(me, quick=True)
    await me.goal("learn", 2, 6)
    for week in range(5 + me.variant, WEEKS):
        yield me.on(week, me.rng.randrange(1, 5))
        await me.log(me.rng.choice(("note", "reply")))
        await me.answer(0.5)


async def traveller(me: Participant) -> AsyncIterator[datetime]:
    """Lives elsewhere, where clocks change on another day or not at all, and changes day and hour."""
    me.zone = ("America/New_York", "Asia/Kolkata", "Australia/Sydney")[me.variant % 3]
    await _begin(me, quick=me.chance(0.5), time=0)
    await me.change(day=6, hour=20)
    await me.goal("connect", 2, 8)
    for week in range(WEEKS):
        yield me.on(week, me.rng.randrange(1, 6))
        if week == 6:
            await me.change(day=0, hour=8)
        if me.chance(0.7):
            await me.log(me.rng.choice(("reply", "answer")))
        await me.answer(0.5)


async def all_rounder(me: Participant) -> AsyncIterator[datetime]:
    """Uses everything there is, a little each week."""
    await _begin(me)
    await me.find_space("The newcomers' forum")
    await me.goal("connect", 2, 6, tiny="Write one line to one person", box_minutes=45)
    await me.set_alert()
    for week in range(WEEKS):
        yield me.on(week, me.rng.randrange(1, 6))
        await me.answer(0.7)
        if week % 2:
            someone = await me.meet(KINDS[week % len(KINDS)])
            await me.log("chat", who=someone, minutes=20, outcome=Outcome.IDEA)
        else:
            await me.log(me.rng.choice(("credit", "note", "post_work")), minutes=15)
        if week == 6:
            await me.spot("Summer school", 20)


async def biweekly(me: Participant) -> AsyncIterator[datetime]:
    """Likes a note every second week."""
    await _begin(me, quick=me.chance(0.5))
    await me.change(every_weeks=2)
    await me.goal("connect", 2, 8)
    for week in range(WEEKS):
        yield me.on(week, me.rng.randrange(1, 6))
        if me.chance(0.7):
            await me.log(me.rng.choice(("reply", "answer", "note")))
        await me.answer(0.5)


async def closed(me: Participant) -> AsyncIterator[datetime]:
    """Has direct messages closed for some weeks, and reads the inbox instead."""
    await _begin(me, quick=True)
    await me.goal("connect", 2, 8)
    for week in range(WEEKS):
        yield me.on(week, me.rng.randrange(1, 6))
        me.closed = 3 <= week < 8
        if me.closed:
            await me.services.nudges.inbox(me.caller, me.clock())
        await me.log(me.rng.choice(("reply", "answer", "note")))
        await me.answer(0.5)


async def quitter(me: Participant) -> AsyncIterator[datetime]:
    """Turns the notes off after some weeks, and goes on alone."""
    await _begin(me, quick=me.chance(0.5))
    await me.goal("learn", 2, 6)
    for week in range(WEEKS):
        yield me.on(week, me.rng.randrange(1, 6))
        if week == 5 + me.variant:
            await me.change(on=False)
        await me.log("note")
        await me.answer(0.3)


PERSONAS: Mapping[str, Life] = MappingProxyType(
    {
        life.__name__: life
        for life in (
            steady,
            achiever,
            finisher,
            burster,
            lurker,
            over_poster,
            asker,
            ghost,
            returner,
            job_hunter,
            low_profile,
            box_breaker,
            networker,
            talker,
            unfocused,
            goalless,
            resting,
            newcomer,
            hesitant,
            doubler,
            pauser,
            alert_keeper,
            patient,
            tidier,
            latecomer,
            traveller,
            all_rounder,
            biweekly,
            closed,
            quitter,
        )
    }
)
