"""Every refusal: one class, one kind sentence that says what to do next.

A refusal is raised by a rule or a service and printed by the edge (`cogs/replies.py`); nothing else catches it.
"""

from collections.abc import Sequence
from datetime import date

from bot.coaching.ids import CohortId
from bot.coaching.plain import plain


class Refusal(Exception):
    """A request that is not done, with the sentence the person reads."""

    @property
    def sentence(self) -> str:
        """Return the sentence to show, ready to print."""
        return str(self)


# Who may, and where


class NoCourse(Refusal):
    """There is no open course in this server."""

    def __init__(self) -> None:
        super().__init__(
            "There is no open course in this server. Someone with Manage Server starts one with `/cohort setup`."
        )


class NotJoined(Refusal):
    """The person has not joined the course."""

    def __init__(self) -> None:
        super().__init__("You have not joined the course yet. Run `/start`; it takes one tap.")


class NotJoinedAnywhere(Refusal):
    """A command in the bot's DM by somebody who is in no course."""

    def __init__(self) -> None:
        super().__init__("I do not know you from a course yet. Run `/start` in your course's server first.")


class ChooseCourse(Refusal):
    """The person is in several courses and has to say which one they mean here."""

    def __init__(self, courses: Sequence[tuple[CohortId, str]]) -> None:
        super().__init__("You are in more than one course. Choose which one you mean here; I will remember it.")
        self.courses = tuple(courses)


class ServerOnly(Refusal):
    """A command that only makes sense inside a server."""

    def __init__(self) -> None:
        super().__init__("This one works in your course's server. Open the server and run it there.")


class InstructorOnly(Refusal):
    """An instructor command by somebody without the instructor role."""

    def __init__(self) -> None:
        super().__init__(
            "This one is for the course's instructors. For your own progress, try `/me`; if you teach here, "
            "ask whoever manages the server to give you the instructor role."
        )


class InstructorRoleMissing(Refusal):
    """An instructor command by somebody who manages the server, and so may give themselves the role."""

    def __init__(self, role_id: int) -> None:
        super().__init__(
            f"This one is for the instructor role, <@&{role_id}>, and you do not have it yet. You manage this server, "
            "so give yourself that role in the server's settings, then run the command again."
        )


class ManagerOnly(Refusal):
    """A set-up command by somebody who may not manage the server."""

    def __init__(self) -> None:
        super().__init__("Setting the course up needs the Manage Server permission. Ask whoever runs this server.")


class NotYourCard(Refusal):
    """A button on somebody else's card."""

    def __init__(self) -> None:
        super().__init__("That card belongs to someone else. Run `/me` to see your own.")


class OldCard(Refusal):
    """A button from before an update of the bot."""

    def __init__(self) -> None:
        super().__init__(
            "That card is from before an update, so nothing was changed. Run the command again for a fresh one."
        )


# The course


class MissingCourseFacts(Refusal):
    """A first set-up that leaves options out."""

    def __init__(self, missing: Sequence[str]) -> None:
        options = ", ".join(f"`{name}`" for name in missing)
        super().__init__(f"To set the course up I also need {options}. Run `/cohort setup` again with those.")


class EveryoneInstructs(Refusal):
    """The role of everybody in the server as the instructor role."""

    def __init__(self) -> None:
        super().__init__(
            "With that role everybody in the server would be an instructor. Choose a role that the people who teach "
            "have and nobody else."
        )


class UnreadableDate(Refusal):
    """A date that is not written as year-month-day."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"“{plain(text[:40])}” is not a date I can read. Write it as year-month-day, for example 2027-02-15."
        )


class TermEndsBeforeStart(Refusal):
    """A term whose end is not after its start."""

    def __init__(self, starts_on: date, ends_on: date) -> None:
        super().__init__(
            f"The term would end ({ends_on.isoformat()}) before it starts ({starts_on.isoformat()}). "
            "Swap the dates or correct one of them."
        )


class TermTooLong(Refusal):
    """A term of more than a year."""

    def __init__(self) -> None:
        super().__init__("A term may last a year at most. Check the year in `term_start` and `term_end`.")


class TermOver(Refusal):
    """A first set-up for a term that already ended."""

    def __init__(self, ends_on: date) -> None:
        super().__init__(f"That term ended on {ends_on.isoformat()}. Check the year, then run `/cohort setup` again.")


class ClosedAlready(Refusal):
    """*Close the course* on a card of a course that is not the open one any more."""

    def __init__(self) -> None:
        super().__init__("That course is closed already; nothing was changed. `/cohort status` says how things stand.")


class CourseOver(Refusal):
    """Something of a course that has closed."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"“{plain(name)}” has come to its end, so nothing in it changes any more. What you kept there is in your "
            "parcel: run `/nudge inbox`."
        )


class UnknownZone(Refusal):
    """A time zone that is not an IANA name."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"I do not know the time zone “{plain(text[:40])}”. Pick one from the list that opens while you type, "
            "for example Europe/Berlin or America/Phoenix."
        )


class CourseAlreadyOpen(Refusal):
    """A second course while one is open in the server."""

    def __init__(self, name: str, ends_on: date) -> None:
        super().__init__(
            f"“{plain(name)}” is open in this server until {ends_on.isoformat()}, and one course runs at a time. To "
            "change its dates, give a `term_start` before that day; a new course can be set up once this one is over."
        )


class BreakOutsideTerm(Refusal):
    """A break that does not lie within the term, or ends before it starts."""

    def __init__(self, starts_on: date, ends_on: date) -> None:
        super().__init__(
            f"A break lies within the term, {starts_on.isoformat()} to {ends_on.isoformat()}, and its last day is not "
            "before its first. Check `first_day` and `last_day`."
        )


class BreakWithoutDay(Refusal):
    """A break whose first day was left out."""

    def __init__(self) -> None:
        super().__init__("Nothing was marked: add `first_day` too. Without any option the command shows the list.")


class TooManyBreaks(Refusal):
    """More breaks than a term has use for."""

    def __init__(self, most: int) -> None:
        super().__init__(f"A course holds {most} breaks at most. Remove one with its button, then add the new one.")


class BadClassSize(Refusal):
    """An expected class size that is no whole number from 1 to 10,000."""

    def __init__(self) -> None:
        super().__init__("The class size is a whole number from 1 to 10000, or empty if you do not know it yet.")


class TextTooLong(Refusal):
    """A text over its limit."""

    def __init__(self, what: str, length: int, limit: int) -> None:
        super().__init__(f"{what} has {length} characters; {limit} fit. Shorten it and send it again.")


class TextMissing(Refusal):
    """A text that was left empty."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is empty. A few words are enough.")


class LookedAtSelf(Refusal):
    """An instructor who asks for their own row."""

    def __init__(self) -> None:
        super().__init__("That is you. `/privacy seen` shows what instructors see of you.")


class LookedAtBot(Refusal):
    """A bot where a member belongs."""

    def __init__(self) -> None:
        super().__init__("That is a bot, and bots take no course. Choose a person and run the command again.")


class NobodyToSee(Refusal):
    """Somebody who has not joined, or was erased, where a member of the course belongs."""

    def __init__(self) -> None:
        super().__init__(
            "They have not joined the course, so there is nothing to see. `/cohort invite` posts an invitation."
        )


class NamesUnavailable(Refusal):
    """An export with names while Discord does not give them."""

    def __init__(self) -> None:
        super().__init__(
            "Discord did not give me the names just now, so nothing was exported. Try again in a minute, or take the "
            "files without names."
        )


# Nudges


class QuietHour(Refusal):
    """A wished hour inside the quiet hours."""

    def __init__(self, hour: int, first: int, last: int) -> None:
        super().__init__(f"{hour:02d}:00 is in quiet hours. Choose an hour from {first:02d}:00 to {last:02d}:00.")


class NudgesAlreadyOver(Refusal):
    """Nudge settings after the end of the term."""

    def __init__(self) -> None:
        super().__init__("The term is over, so there are no more notes to set. Your goal and your log stay readable.")


class NudgeGone(Refusal):
    """A button on a nudge that no longer exists in the ledger."""

    def __init__(self) -> None:
        super().__init__("I no longer have that note. Run `/me` to see what comes next.")


class AlreadyDone(Refusal):
    """*Done* on a nudge that was logged before."""

    def __init__(self) -> None:
        super().__init__("You logged this one already. To add something else, run `/log`.")


class NothingToLog(Refusal):
    """*Done* on a nudge whose step is not an action for the log."""

    def __init__(self) -> None:
        super().__init__("This step is not one for the log. To log something you did, run `/log`.")


class AlreadyReminded(Refusal):
    """*Another day* after this week's reminder went out."""

    def __init__(self) -> None:
        super().__init__("This week's reminder has gone out already. Whenever you do the step, `/log` keeps it.")


class NoDayLeft(Refusal):
    """*Another day* when the course has no notes on any of the next six."""

    def __init__(self) -> None:
        super().__init__(
            "The next six days have no notes: a break, or the end of the term. Nothing counts against you meanwhile; "
            "`/me` shows the step whenever you like."
        )


class DayGone(Refusal):
    """A reminder day that is over, or beyond the six days on offer."""

    def __init__(self) -> None:
        super().__init__("That day is no longer on offer. Press *Another day* again and pick from the fresh list.")


# Focus, footprint, goal, log


class TooManyFields(Refusal):
    """More than two fields in a focus."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"You named {count} fields; a focus holds one or two, so that people can tell what you are about. "
            "Keep the two that matter most this term."
        )


class UnknownItem(Refusal):
    """A checklist item that does not exist."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"There is no checklist item “{plain(text[:40])}”. Run `/footprint` and pick one from the list."
        )


class UnknownTemplate(Refusal):
    """A goal template that does not exist."""

    def __init__(self, text: str) -> None:
        super().__init__(f"There is no goal template “{plain(text[:40])}”. Run `/goal new` and pick one from the list.")


class UnknownKind(Refusal):
    """A kind of action that does not exist."""

    def __init__(self, text: str) -> None:
        super().__init__(f"I do not know the kind “{plain(text[:40])}”. Run `/log` and pick one of the buttons.")


class GoalRunning(Refusal):
    """A new goal confirmed while another one has begun to run meanwhile."""

    def __init__(self, title: str) -> None:
        super().__init__(
            f"Your goal “{plain(title)}” is running already. Run `/goal new` and say whether the new one replaces it "
            "or runs beside it; what you wrote is kept."
        )


class TwoGoalsRunning(Refusal):
    """A third goal."""

    def __init__(self) -> None:
        super().__init__(
            "Two goals are running, and more than two get in each other’s way. Run `/goal review` or `/goal stop` for "
            "one of them first; what you wrote is kept."
        )


class UnfinishedPlan(Refusal):
    """*Confirm* on a goal whose wish or plan is missing, because another card finished or dropped it."""

    def __init__(self) -> None:
        super().__init__("That goal is not waiting to be confirmed any more. `/goal show` says what is running now.")


class GoalGone(Refusal):
    """A button on a goal that is not running any more."""

    def __init__(self) -> None:
        super().__init__("That goal has ended already. `/goal show` says what is running now.")


class NoGoal(Refusal):
    """A goal command without a goal."""

    def __init__(self) -> None:
        super().__init__("You have no goal yet. `/goal new` sets one in about four minutes.")


class TargetOverCap(Refusal):
    """A weekly target outside what the goal type allows."""

    def __init__(self, label: str, cap: int) -> None:
        super().__init__(
            f"For “{label}” a week holds 1 to {cap}. A smaller number that you reach beats a big one that you do not."
        )


class BadNumber(Refusal):
    """A number that is not a whole number in its range."""

    def __init__(self, what: str, low: int, high: int) -> None:
        super().__init__(f"{what} is a whole number from {low} to {high}.")


class NicknameOnly(Refusal):
    """An address, a number or a link where a nickname belongs."""

    def __init__(self) -> None:
        super().__init__(
            "That looks like an address, a number, a handle or a link. Nobody here has agreed to be kept by me, so a "
            "nickname that you alone understand is all I take. Write one and send it again."
        )


class NicknameTaken(Refusal):
    """A second contact under the same nickname."""

    def __init__(self, nickname: str) -> None:
        super().__init__(
            f"You have a “{plain(nickname)}” already. Choose another nickname, so that you can tell them apart."
        )


class UnknownContact(Refusal):
    """Somebody or something that is not in the member's network."""

    def __init__(self) -> None:
        super().__init__("I do not find that in your network. `/network list` shows what is there.")


class NetworkFull(Refusal):
    """More people, spaces or alerts than can be looked after."""

    def __init__(self, what: str, most: int) -> None:
        super().__init__(
            f"Your network holds {most} {what} at most, so that each can be looked after. Take one out with "
            "`/network forget`, then add the new one."
        )


class UnknownOpportunity(Refusal):
    """An opportunity that does not exist."""

    def __init__(self) -> None:
        super().__init__("I do not find that opportunity. `/opportunity list` shows what is open.")


class OpportunityMoved(Refusal):
    """*Done* on an opportunity that its own card has moved meanwhile."""

    def __init__(self) -> None:
        super().__init__("That opportunity stands elsewhere by now. `/opportunity list` shows where.")


class TooManyOpportunities(Refusal):
    """More open opportunities than a list can hold."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"{most} opportunities are open, and that is all I can keep in sight. Close one with "
            "`/opportunity update`, then add the new one."
        )


class TooMuchFeedback(Refusal):
    """More texts without a name in an hour than others' would survive."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"That would be more than {most} without a name in an hour, and others’ would drown in them. Sign it, or "
            "send it again later; what you wrote is below."
        )


class DraftChanged(Refusal):
    """*Confirm* or *Leave it* on a card that shows another goal than the one that waits."""

    def __init__(self) -> None:
        super().__init__(
            "That card shows an older version of your goal. Run `/goal new` and press *Go on with it* to read the one "
            "that waits."
        )


class AskedAlready(Refusal):
    """A second *please get in touch* while the first is open."""

    def __init__(self) -> None:
        super().__init__(
            "Your instructors have your request already; it stands at the top of their list until one of them has been "
            "in touch."
        )


class NothingToUndo(Refusal):
    """*Undo* or a change on an action that is no longer there."""

    def __init__(self) -> None:
        super().__init__("That entry is already gone from your log. Nothing else was changed.")


# Privacy


class ErasureChanged(Refusal):
    """*Delete* on a card that names other courses than those that would go."""

    def __init__(self) -> None:
        super().__init__(
            "Your courses have changed since that card, so nothing was deleted. Run `/privacy delete` again and read "
            "what would go now."
        )


class ErasureNotNoted(Refusal):
    """An erasure that cannot be noted where no backup brings it back from."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing was deleted: I could not note it in the place that keeps a backup from bringing you back. Whoever "
            "runs me finds the reason in the log; please tell them, then run `/privacy delete` again."
        )


class ErasureUnfinished(Refusal):
    """An erasure that was noted, and whose database went away before it said that it was done."""

    def __init__(self) -> None:
        super().__init__(
            "My database went away while it was deleting. Your wish is noted: what may be left goes when I next start. "
            "To have it at once, run `/privacy delete` again in a few minutes."
        )


# The class


class UnknownSection(Refusal):
    """A role that is no section of the course."""

    def __init__(self) -> None:
        super().__init__(
            "That role is no section of this course. Whoever manages the server picks the sections in `/cohort setup`."
        )


class NoRegister(Refusal):
    """The register of a course whose instructors see class statistics alone."""

    def __init__(self) -> None:
        super().__init__(
            "This course has no register: instructors see class statistics alone, in `/cohort overview`. Somebody with "
            "Manage Server may switch it on in `/cohort setup`; every member is told, and rows appear seven days later."
        )


class TooManySections(Refusal):
    """More sections than a class is told apart by."""

    def __init__(self, most: int) -> None:
        super().__init__(f"A course has {most} sections at most. Pick fewer roles.")
