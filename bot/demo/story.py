"""The story: a course from its first to its last day, told in the terminal from real commands, clicks and forms."""

import logging
import sys
import traceback
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from logging.handlers import BufferingHandler
from typing import Final

from bot.demo.classroom import INSTRUCTOR, NEWCOMER, OTHERWISE, SUPPORT
from bot.demo.course import NAME, TERM_END, TERM_START, ZONE, at, new_course
from bot.demo.simulator import MemberActor, close_direct_messages
from bot.demo.students import NAMED
from bot.demo.telling import Seen, StoryBroken, Telling
from cogs.cards.shapes import day_text

FIRST_DAY: Final = at(TERM_START, 9)
JOIN_DAY: Final = 2
LINE_DAY: Final = 66
LAST_DAY: Final = (TERM_END - TERM_START).days
"""Days of the story are counted from the first day of the term, which is 0."""
CLASSMATES: Final = [*(student.name for student in NAMED[1:10]), NEWCOMER]
CLOSED: Final = next(student.name for student in NAMED if student.closed)
WITH_A_GOAL: Final = 8
"""How many of the classmates set a goal."""
MOST_TO_A_GOAL: Final = 12
"""How many commands, clicks and forms it may take from `/start` to a goal that runs."""
ANA: Final = "night-shift Ana"
TINY: Final = "Read one post and note one line"
BIO: Final = "Second-year nursing student. I ran a hand-washing workshop. Mail me: amara@example.org"
MESSAGE: Final = (
    "Dear Ms Okafor, your talk on night shifts made me try a handover list on my ward. CV attached. Would you have "
    "fifteen minutes in the next weeks to tell me how you started?"
)
QUESTION: Final = "Could we look at one good first message together?"
WORDS: Final = "I keep Friday at ten free for anything about your network. Just come by, or answer here."
LINE: Final = "The first question to a stranger was the hardest, and it was answered within an hour."
THANKS: Final = "Thank you, Friday suits me."
FIELDS: Final = ("marine biology", "museum work", "family law", "primary teaching", "sound design")


async def tell() -> int:
    """Tell the story; returns 0, or 1 with the reason if anything went wrong."""
    try:
        with _logged_errors() as records:
            async with new_course(FIRST_DAY) as course:
                await Story(course, records).tell()
    except StoryBroken as broken:
        print(f"\nThe story stopped: {broken}", file=sys.stderr)
        return 1
    except Exception:  # noqa: BLE001 - the edge: whatever it is, the reader is told
        print(f"\nThe story stopped:\n{traceback.format_exc()}", file=sys.stderr)
        return 1
    return 0


class Story(Telling):
    """The scenes, in their order."""

    async def tell(self) -> None:
        """Tell all of it."""
        self._say(
            "PLN Coach, told as a story. Every command, click and form below is real, and so is the database; Discord "
            "is a simulated server on this machine."
        )
        teacher = self._person(INSTRUCTOR, self._course.instructors)
        amara = self._person(NAMED[0].name)
        panel = await self._set_up(teacher)
        await self._begin(amara)
        await self._footprint(amara)
        await self._network(amara)
        await self._checks(amara)
        classmates = await self._class_joins(panel)
        await self._first_week(amara)
        await self._class_works(classmates[:8])
        await self._opportunity(amara)
        await self._second_week(amara)
        await self._class_works(classmates[2:8])
        await self._follow_up(amara)
        await self._wait_until(23, 12)
        await self._class_works(classmates[4:9])
        await self._review(amara)
        await self._look_back(amara)
        await self._feedback(amara, classmates[0])
        await self._class_works(classmates[::3])
        quiet = await self._overview(teacher)
        await self._write(teacher, quiet, classmates[2])
        await self._look_further(teacher, quiet, amara)
        await self._greet(teacher, amara)
        await self._digest(teacher)
        await self._end(teacher, amara)
        self._say(f"That was the story: {self._acts} commands, clicks and forms, and nothing went wrong.")
        self._say("To try it yourself, in a class of twenty-nine five weeks into term, run: make demo")

    async def _set_up(self, teacher: MemberActor) -> Seen:
        await self._scene("The instructor opens the course")
        staff = self._course.staff_channel
        card = await self._run(
            teacher,
            staff,
            "cohort setup",
            "instructors: @Instructor",
            course_name=NAME,
            term_start=TERM_START.isoformat(),
            term_end=TERM_END.isoformat(),
            time_zone=ZONE,
            instructor_role=self._course.instructors,
            register="yes",
            channel=self._course.channel,
        )
        await self._fill(
            teacher, card, "Size and support", "Expected class size: 12", size="12", contact=SUPPORT, brief=True
        )
        await self._plan(teacher)
        return await self._run(teacher, self._course.channel, "cohort invite", "your networking coach")

    async def _plan(self, teacher: MemberActor) -> None:
        await self._scene("She takes the ready plan of weekly steps")
        card = await self._run(teacher, self._course.staff_channel, "cohort plan", "10 weeks are ready")
        card = await self._press(teacher, card, "Take the ready plan", "Know what you are looking for")
        card = await self._press(teacher, card, "Take this plan", "Do weekly steps count toward the course?")
        card = await self._fill(teacher, card, "They count", "count", brief=True, otherwise=OTHERWISE)
        card = await self._run(teacher, self._course.staff_channel, "cohort plan", "Know what you are looking for")
        card = await self._press(teacher, card, "Announcements", "once: no pings")
        card = await self._press(teacher, card, "Announce on Mondays", "On. On Monday")
        await self._press(teacher, card, "Post this week now", "is on its way", brief=True)

    async def _begin(self, member: MemberActor) -> None:
        await self._wait_until(JOIN_DAY, 10)
        before = self._acts
        card = await self._join(member)
        card = await self._say_focus(member, card)
        await self._set_goal(member, card)
        took = self._acts - before
        if took > MOST_TO_A_GOAL:
            raise StoryBroken(f"from /start to a goal that runs it took {took} commands, clicks and forms")
        self._say(f"From /start to a goal that runs: {took} commands, clicks and forms.")

    async def _join(self, member: MemberActor) -> Seen:
        await self._scene("A student joins")
        card = await self._run(member, self._course.channel, "start", "You can leave and erase")
        card = await self._press(member, card, "Join the course", "You are in.")
        await self._wait_until(JOIN_DAY, 10, 5)
        self._message_arrives(member, "I am PLN Coach")
        return card

    async def _say_focus(self, member: MemberActor, card: Seen) -> Seen:
        await self._scene("She says who should find her")
        return await self._fill(
            member,
            card,
            "Set my focus",
            "Your focus is saved",
            fields="community nursing, patient education",
            purpose="Ward managers near me, so that I hear of a first job",
            connection="advice",
            track="health",
            season="building",
        )

    async def _set_goal(self, member: MemberActor, card: Seen) -> None:
        await self._scene("She sets one goal: wish, result, obstacle, plan")
        card = await self._fill(
            member,
            card,
            "Set a goal",
            "What might get in your way?",
            title="Have two exchanges a week with people who nurse",
            outcome="Two people tell me what a first year is really like",
            target="2",
            weeks="4",
        )
        card = await self._fill(member, card, "It makes me nervous", "Read it once", tiny=TINY)
        await self._press(member, card, "Confirm", "Your goal runs until")

    async def _footprint(self, member: MemberActor) -> None:
        await self._scene("She looks at herself as others see her", JOIN_DAY, 10, 30)
        card = await self._run(member, self._course.channel, "footprint", "Your digital footprint")
        card = await self._press(member, card, "Open", "Done when")
        card = await self._press(member, card, "Fixed something", "Noted: Fixed something", brief=True)
        self._quiet = True
        for _ in self._course.content.checklist.quick_start[1:]:
            card = await self._press(member, card, "Next item", "Done when")
            card = await self._press(member, card, "Checked, fine", "Noted: Checked, fine")
        self._quiet = False
        self._say("The other quick items go the same way, with Next item.")

    async def _network(self, member: MemberActor) -> None:
        channel = self._course.channel
        await self._scene("She keeps somebody under a nickname", JOIN_DAY, 17)
        await self._run_form(
            member,
            "network add",
            {},
            "Kept, and seen by you alone",
            nickname=ANA,
            category="practitioner",
            where="local",
            shares="Both care about sleep",
        )
        await self._scene("She wrote to her, got an answer, and logs it", JOIN_DAY, 18, 30)
        await self._run(
            member,
            channel,
            "log",
            f"with {ANA}",
            kind="reply",
            person=ANA,
            outcome="reply",
            note="How to keep it quiet",
        )
        await self._run(member, channel, "network map", "You know: People doing the work now")

    async def _checks(self, member: MemberActor) -> None:
        await self._scene("She has the few lines about her checked, and mends them", JOIN_DAY, 19)
        card = await self._run_form(
            member, "bio check", {"place": "bluesky"}, "Everyone can read an e-mail address here.", text=BIO
        )
        await self._fill(
            member, card, "Check another version", "Gone: an e-mail address.", text=BIO.partition(" Mail")[0]
        )
        await self._scene("She has a first message checked before she sends it", JOIN_DAY, 19)
        card = await self._run(member, self._course.channel, "message begin", "What would you like to write?")
        asking = "Asking somebody for a short conversation …"
        words = await self._choose(member, card, "twenty_minutes", asking, "Your {talk, article or project}")
        card = await self._fill(member, words, "Check your message", "This speaks of an attachment.", text=MESSAGE)
        mended = MESSAGE.replace(" CV attached.", "")
        await self._fill(member, card, "Check another version", "Nothing here that a program can mend.", text=mended)

    async def _class_joins(self, panel: Seen) -> list[MemberActor]:
        await self._scene("The class joins", JOIN_DAY + 1, 9)
        classmates = {name: self._person(name) for name in CLASSMATES}
        close_direct_messages(self._course.env, classmates[CLOSED])
        self._quiet = True
        for number, member in enumerate(classmates.values()):
            await self._classmate_begins(member, FIELDS[number % len(FIELDS)], panel)
            if number < WITH_A_GOAL:
                await self._classmate_sets_a_goal(member)
        self._quiet = False
        await self._course.app.delivery.round()
        *others, last = [name.split()[0] for name in CLASSMATES]
        self._say(f"{', '.join(others)} and {last} join the same way and begin the checklist; most of them set a goal.")
        await self._scene("One of them takes no direct messages from the server")
        await self._run(classmates[CLOSED], self._course.channel, "nudge history", "held: your direct messages")
        return list(classmates.values())

    async def _classmate_begins(self, member: MemberActor, field: str, panel: Seen) -> None:
        card = await self._press(member, panel, "Join", "You can leave and erase")
        card = await self._press(member, card, "Join the course", "You are in.")
        card = await self._fill(member, card, "Set my focus", "Your focus is saved", fields=field)
        card = await self._press(member, card, "Start the checklist", "Your digital footprint")
        for press in ("Open", "Next item", "Next item"):
            card = await self._press(member, card, press, "Done when")
            card = await self._press(member, card, "Checked, fine", "Noted: Checked, fine")

    async def _classmate_sets_a_goal(self, member: MemberActor) -> None:
        card = await self._run_form(member, "goal new", {"template": "business"}, "What might get in your way?")
        card = await self._fill(member, card, "I do not find the time", "Read it once")
        await self._press(member, card, "Confirm", "Your goal runs until")

    async def _class_works(self, classmates: Sequence[MemberActor]) -> None:
        self._quiet = True
        for member in classmates:
            await self._run(member, self._course.channel, "log", "Logged", kind="reply")
        self._quiet = False

    async def _first_week(self, member: MemberActor) -> None:
        await self._scene("Monday: the week’s step in the channel", 7, 9, 5)
        post = self._post_appears(member, "Week 2: One goal, and a plan for it")
        card = await self._press(member, post, "This week", "Due Friday 25 September")
        await self._press(member, card, "Done", "Week 2")
        await self._scene("Monday: the weekly note", 7, 17)
        note = self._message_arrives(member, "Next:")
        await self._press(member, note, "Why this?", "Why this note")
        card = await self._press(member, note, "Smaller step", TINY)
        await self._press(member, card, "Done", "Logged for Monday 21 September")

    async def _opportunity(self, member: MemberActor) -> None:
        await self._scene("Something catches her eye, and she sends it off", 9, 12)
        card = await self._run_form(
            member,
            "opportunity add",
            {},
            "It stays in sight",
            title="Summer placement, the clinic by the river",
            kind="internship",
            source="contact",
            due="2026-10-01",
        )
        await self._press(member, card, "Sent", "Asking is the part you control")

    async def _second_week(self, member: MemberActor) -> None:
        await self._scene("A week later, at a bad time", 14, 17)
        note = self._message_arrives(member, "[Another day]")
        picker = await self._press(member, note, "Another day", "Which day suits you better?")
        thursday = TERM_START + timedelta(days=17)
        await self._choose(member, picker, thursday.isoformat(), day_text(thursday), "Agreed: one reminder on Thursday")
        await self._scene("Thursday: the one reminder she asked for", 17, 16)
        self._message_arrives(member, "Next:")

    async def _follow_up(self, member: MemberActor) -> None:
        channel = self._course.channel
        await self._scene("They met for twenty minutes", 19, 15)
        await self._run(
            member, channel, "network contacted", "A step further", who=ANA, kind="interview", outcome="advice"
        )
        await self._wait_until(20, 10)
        card = await self._run(member, channel, "network followups", "You met on Saturday 3 October")
        card = await self._press(member, card, "Open", "You have met")
        await self._press(member, card, "Words to thank", "Thank you for")

    async def _review(self, member: MemberActor) -> None:
        await self._scene("The weeks of her goal are over", 31, 12)
        card = await self._run(member, None, "goal review", "Did it bring a conversation, an idea, or a person?")
        words = "Two people know my name, and one told me about her first month"
        card = await self._fill(
            member,
            card,
            "Say what it brought",
            "Noted, thank you",
            brief=True,
            reflection=words,
            benefit="networking",
        )
        await self._press(member, card, "Keep going", "It goes on")

    async def _look_back(self, member: MemberActor) -> None:
        await self._scene("She looks where she stands")
        card = await self._run(member, None, "me", "Last seven days")
        await self._press(member, card, "Picture", "Only you can see this.")
        await self._run(member, None, "nudge history", "Monday 28 September, 16:02 · weekly note: sent")

    async def _feedback(self, member: MemberActor, other: MemberActor) -> None:
        await self._scene("Two of them tell the instructor something", 31, 18)
        await self._run_form(member, "feedback", {}, "no name: none is kept", text=QUESTION)
        await self._run_form(other, "feedback", {}, "Your instructors know", how="contact")

    async def _overview(self, teacher: MemberActor) -> Seen:
        await self._scene("The instructor sees in ten seconds how the class is doing", 32, 9)
        card = await self._run(teacher, self._course.channel, "cohort overview", "11 of 12 joined")
        await self._scene("She opens the register")
        card = await self._press(teacher, card, "Register", "Register: everybody")
        nothing = "Nothing at all this week"
        return await self._choose(teacher, card, "week", nothing, "nothing yet", of="register_filter")

    async def _write(self, teacher: MemberActor, listed: Seen, member: MemberActor) -> None:
        await self._scene("She writes a few words to those who did nothing yet")
        card = await self._fill(teacher, listed, "Write to them", "To 7 people", text=WORDS)
        await self._press(teacher, card, "Send to 7 people", "On its way to 7 people")
        await self._wait_until(32, 9, 5)
        note = self._message_arrives(member, "to 7 people")
        await self._fill(member, note, "Answer", "signed by you", text=THANKS)

    async def _look_further(self, teacher: MemberActor, listed: Seen, member: MemberActor) -> None:
        await self._scene("She projects the register, and reads what the class says")
        channel = self._course.channel
        await self._press(teacher, listed, "Hide names", "Show names", brief=True)
        await self._run(teacher, channel, "cohort preview", "Notes planned")
        await self._run(teacher, channel, "cohort feedback", THANKS)
        self._say("The register again, by a student:")
        await self._run(member, channel, "cohort register", "instructor")

    async def _greet(self, teacher: MemberActor, member: MemberActor) -> None:
        await self._scene("She greets who might welcome a hello, and opens one member")
        channel = self._course.channel
        card = await self._run(teacher, channel, "cohort checkin", "asked you to get in touch")
        await self._press(teacher, card, "Greeted", "keeps somebody off the list")
        await self._run(teacher, channel, "cohort member", "Focus, goal, plan", member=member)
        await self._run(teacher, channel, "cohort export", "delete when grades are final")
        self._say("What she looked at, as the student reads it:")
        await self._run(member, channel, "privacy seen", "saw your row in the register")

    async def _digest(self, teacher: MemberActor) -> None:
        await self._scene("The instructor asks for a summary each Monday")
        card = await self._run(teacher, self._course.staff_channel, "cohort digest", "The next one falls due Monday 19")
        await self._press(teacher, card, "Send it to me weekly", "each Monday morning", brief=True)
        await self._scene("Monday: the digest", 35, 9)
        self._message_arrives(teacher, "Not for grading.")

    async def _hand_in(self, teacher: MemberActor, member: MemberActor) -> None:
        await self._scene("She hands in her last line", LINE_DAY, 18)
        channel = self._course.channel
        card = await self._run(member, channel, "week", "Look back, and take it with you")
        await self._fill(member, card, "Hand in one line", "step is done", line=LINE)
        card = await self._run(member, channel, "portfolio", "One page about your term")
        await self._press(member, card, "Preview", "Now:")
        await self._scene("The instructor reads the lines", LINE_DAY, 19)
        card = await self._run(teacher, channel, "cohort register", "everybody")
        await self._press(teacher, card, "Hand-ins", LINE)

    async def _end(self, teacher: MemberActor, member: MemberActor) -> None:
        await self._hand_in(teacher, member)
        await self._scene("The last day: the course closes", LAST_DAY, 15)
        card = await self._run(teacher, self._course.staff_channel, "cohort close", "Each member gets a parcel")
        await self._press(teacher, card, "Close the course", "is closed")
        await self._scene("She takes along what is hers", LAST_DAY, 15, 10)
        note = self._message_arrives(member, "Your parcel is ready")
        await self._press(member, note, "My parcel", "my-data.md")


@contextmanager
def _logged_errors() -> Generator[list[logging.LogRecord]]:
    handler = BufferingHandler(10_000)
    handler.setLevel(logging.ERROR)
    logging.getLogger().addHandler(handler)
    try:
        yield handler.buffer
    finally:
        logging.getLogger().removeHandler(handler)
