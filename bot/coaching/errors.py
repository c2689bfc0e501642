"""Refusals: why a request was not carried out, in one kind sentence that says what to do next.

Rules and services raise them; `cogs/replies.py` prints them, and nothing else catches them.

Refusal
├─ who may, and where  NoCourse · NotJoined · NotJoinedAnywhere · ChooseCourse · ServerOnly · InstructorOnly ·
│                      InstructorRoleMissing · ManagerOnly · NotYourCard · OldCard · TooSlow
├─ the course          MissingCourseFacts · EveryoneInstructs · UnknownZone · TermEndsBeforeStart · TermTooLong ·
│                      TermOver · ClosedAlready · CourseOver · CourseAlreadyOpen · BreakOutsideTerm ·
│                      BreakWithoutDay · TooManyBreaks · BadClassSize
├─ the course plan     WeekGone · WeekTaken · NoRoomForPlan · NoDueDays · FileTooLarge
├─ the class           LookedAtSelf · LookedAtBot · NobodyToSee · NamesUnavailable · UnknownSection ·
│                      TooManySections · NoRegister · NoHandIns · NumbersNotAsked · StepsDoNotCount ·
│                      NoStepsYet · NotAGradebook · GradebookTooLarge · GradebookUnread · GradebookGone ·
│                      NoSuchWeeks · NoCourseChannel
├─ anything typed      TextTooLong · TextMissing · BadNumber · UnreadableDate · IncompleteDate · AmbiguousDate ·
│                      WrongWeekday
├─ nudges              QuietHour · NudgesAlreadyOver · NudgeGone · AlreadyDone · NothingToLog · AlreadyReminded ·
│                      NoDayLeft · DayGone
├─ focus, goal, log    TooManyFields · UnknownItem · UnknownTemplate · UnknownKind · GoalRunning · TwoGoalsRunning ·
│                      UnfinishedPlan · DraftChanged · GoalGone · NoGoal · TargetOverCap · NothingToUndo
├─ weekly steps        StepGone · StepsOver · LineNamesSomebody
├─ network, openings   NicknameOnly · NicknameTaken · UnknownContact · NetworkFull · UnknownOpportunity ·
│                      OpportunityMoved · TooManyOpportunities
├─ messages            NamesSomebody · NobodyToWriteTo · WroteToday · MessageAlreadySent
├─ portfolio           EntryGone · NothingToShare · PortfolioNotShared
└─ feedback, privacy   TooMuchFeedback · AskedAlready · ErasureChanged · ErasureNotNoted · ErasureUnfinished
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, cast, dataclass_transform

from bot.coaching.ids import CohortId
from bot.coaching.plain import plain

_MOST_QUOTED = 100


@dataclass_transform(eq_default=False)
class Refusal(Exception):
    """A request that was not carried out; `str` gives the sentence the person reads.

    A subclass declares the placeholders of its text as dataclass fields. Strings are shown as typed, without formatting
    or mentions.
    """

    text: ClassVar[str]

    def __init_subclass__(cls) -> None:
        """Turn the fields into arguments of the constructor."""
        dataclass(eq=False, repr=False)(cls)

    def __str__(self) -> str:
        """Return the sentence."""
        values: dict[str, object] = {}
        for name, value in vars(self).items():
            values[name] = plain(value[:_MOST_QUOTED]) if isinstance(value, str) else value
            if isinstance(value, tuple):
                values[name] = ", ".join(f"`{option}`" for option in cast("tuple[str, ...]", value))
            elif isinstance(value, date):
                values[name] = f"{value:%A} {value.day} {value:%B %Y}"
        return self.text.format(**values)


class NoCourse(Refusal):
    text = "There is no open course in this server. Someone with Manage Server starts one with `/cohort setup`."


class NotJoined(Refusal):
    text = "You have not joined the course yet. Run `/start`; it takes one tap."


class NotJoinedAnywhere(Refusal):
    text = "I do not know you from a course yet. Run `/start` in your course's server first."


class ChooseCourse(Refusal):
    text = "You are in more than one course. Choose which one you mean here; I will remember it."
    courses: Sequence[tuple[CohortId, str]]


class ServerOnly(Refusal):
    text = "This one works in your course's server. Open the server and run it there."


class InstructorOnly(Refusal):
    text = "This one is for the course's instructors. Try `/me`, or ask whoever manages the server for the role."


class InstructorRoleMissing(Refusal):
    text = (
        "This one is for <@&{role_id}>. You manage this server: give yourself that role, then run the command again. "
        "If the role is gone, pick another: `/cohort setup` with `instructor_role`."
    )
    role_id: int


class ManagerOnly(Refusal):
    text = "Setting the course up needs the Manage Server permission. Ask whoever runs this server."


class NotYourCard(Refusal):
    text = "That card belongs to someone else. Run `/me` to see your own."


class OldCard(Refusal):
    text = "That card is from before an update, so nothing was changed. Run the command again for a fresh one."


class TooSlow(Refusal):
    text = "That took me too long just now, so nothing was shown or changed. Please try it once more."


class MissingCourseFacts(Refusal):
    text = "To set the course up I also need {options}. Run `/cohort setup` again with just those."
    options: tuple[str, ...]


class EveryoneInstructs(Refusal):
    text = "With that role everybody here would be an instructor. Choose a role that only the people who teach have."


class UnreadableDate(Refusal):
    text = "“{typed}” is not a date I can read. Write it like “30 October”, “Friday”, “in 10 days” or 2027-02-15."
    typed: str


class IncompleteDate(Refusal):
    text = "“{typed}” does not say which day. Write the day and the month, like “30 October”."
    typed: str


class AmbiguousDate(Refusal):
    text = "“{typed}” can be {first} or {second}. Write the one you mean, with its month as a word."
    typed: str
    first: date
    second: date


class WrongWeekday(Refusal):
    text = "“{typed}” does not fit together: that day is {day}. Correct the weekday or the date."
    typed: str
    day: date


class UnknownZone(Refusal):
    text = "I cannot tell which time zone “{typed}” is. Pick one from the list that opens as you type."
    typed: str


class TermEndsBeforeStart(Refusal):
    text = "The term would end ({ends_on}) before it starts ({starts_on}). Swap the dates or correct one of them."
    starts_on: date
    ends_on: date


class TermTooLong(Refusal):
    text = "A term may last a year at most. Check the year in `term_start` and `term_end`."


class TermOver(Refusal):
    text = "That term ended on {ends_on}. Check the year, then run `/cohort setup` again."
    ends_on: date


class ClosedAlready(Refusal):
    text = "That course is closed already, so nothing was changed. `/cohort status` shows where things stand."


class CourseOver(Refusal):
    text = "“{name}” has come to its end, so nothing in it changes any more. `/nudge inbox` has your parcel."
    name: str


class CourseAlreadyOpen(Refusal):
    text = (
        "“{name}” is open in this server until {ends_on}, and one course runs at a time. To change its dates, give a "
        "`term_start` before that day. You can set up a new course once this one is over."
    )
    name: str
    ends_on: date


class BreakOutsideTerm(Refusal):
    text = "`first_day` and `last_day` have to lie within the term, {starts_on} to {ends_on}, in that order."
    starts_on: date
    ends_on: date


class BreakWithoutDay(Refusal):
    text = "Nothing was marked: add `first_day` too. Without any option the command shows the list."


class TooManyBreaks(Refusal):
    text = "A course holds {most} breaks at most. Remove one with its button, then add the new one."
    most: int


class WeekGone(Refusal):
    text = "That week is no longer in the course plan. `/cohort plan` shows how it stands now."


class WeekTaken(Refusal):
    text = "That week has a step by now, or is not taught. `/cohort plan` shows how the plan stands."


class NoRoomForPlan(Refusal):
    text = "No week of the term is left to fill. `/cohort setup` changes the term, `/cohort breaks` its breaks."


class NoDueDays(Refusal):
    text = "There is nothing to put in a calendar yet: every week is switched off. `/cohort plan` switches them on."


class FileTooLarge(Refusal):
    text = "That file has {size} KiB; {most} KiB fit. Choose the file that `/cohort plan` saved."
    size: int
    most: int


class BadClassSize(Refusal):
    text = "The class size is a whole number from 1 to 10000, or empty if you do not know it yet."


class LookedAtSelf(Refusal):
    text = "That is you. `/privacy seen` shows what instructors see of you."


class LookedAtBot(Refusal):
    text = "That is a bot, and bots take no course. Choose a person and run the command again."


class NobodyToSee(Refusal):
    text = "They have not joined the course, so there is nothing to see. `/cohort invite` posts an invitation."


class NamesUnavailable(Refusal):
    text = "Discord did not give me the names just now. Try again in a minute, or take the files without names."


class UnknownSection(Refusal):
    text = "That role is not a section of this course. Whoever manages the server picks them in `/cohort setup`."


class NoRegister(Refusal):
    text = (
        "This course has no register: instructors see class statistics alone, in `/cohort overview`. Somebody with "
        "Manage Server may switch it on in `/cohort setup`; every member is told, and rows appear seven days later."
    )


class NoHandIns(Refusal):
    text = "The course plan has no week so far, so nothing can be handed in. `/cohort plan` shows it."


class NumbersNotAsked(Refusal):
    text = (
        "Rows are matched by the student number or login that members give, and this course does not ask for one. "
        "Somebody with Manage Server switches that on: `/cohort setup` with `student_number`."
    )


class StepsDoNotCount(Refusal):
    text = (
        "By what `/cohort setup` says, weekly steps do not count toward the course, so no gradebook gets them. "
        "Somebody with Manage Server may change that there; members are told when they join."
    )


class NoStepsYet(Refusal):
    text = "The course plan has no week so far, so there is nothing to count yet. `/cohort plan` shows it."


class NotAGradebook(Refusal):
    text = (
        "I could not read this as a grade export: I look for a column such as “SIS Login ID”, “ID number” or “Email "
        "address”. In Canvas take *Export* in the gradebook, in Moodle *Export* as plain text, and attach that file."
    )


class GradebookTooLarge(Refusal):
    text = "That file is larger than 2 MiB. Export only the identity columns, and attach that file."


class GradebookUnread(Refusal):
    text = "Discord did not hand me the file. Run `/cohort gradebook` again and attach it once more."


class GradebookGone(Refusal):
    text = (
        "I no longer have your file: I keep it in memory alone, for 15 minutes, and lose it when I restart. Run "
        "`/cohort gradebook` again and attach it once more."
    )


class NoSuchWeeks(Refusal):
    text = "Between those two weeks there is no weekly step. Choose a first week that is not after the last."


class NoCourseChannel(Refusal):
    text = "This course has no channel yet. Name the one your class reads: `/cohort setup` with `channel`."


class TooManySections(Refusal):
    text = "A course has {most} sections at most. Pick fewer roles."
    most: int


class TextTooLong(Refusal):
    text = "{what} has {length} characters; {limit} fit. Shorten it and send it again."
    what: str
    length: int
    limit: int


class TextMissing(Refusal):
    text = "{what} is empty. A few words are enough."
    what: str


class BadNumber(Refusal):
    text = "{what} is a whole number from {low} to {high}. Correct it and send it again."
    what: str
    low: int
    high: int


class QuietHour(Refusal):
    text = "{hour:02d}:00 is in quiet hours. Choose an hour from {first:02d}:00 to {last:02d}:00."
    hour: int
    first: int
    last: int


class NudgesAlreadyOver(Refusal):
    text = "The term is over, so there are no more notes to set. Your goal and your log stay readable."


class NudgeGone(Refusal):
    text = "I no longer have that note. Run `/me` to see what comes next."


class AlreadyDone(Refusal):
    text = "You logged this one already. To add something else, run `/log`."


class NothingToLog(Refusal):
    text = "This step is not one for the log. To log something you did, run `/log`."


class AlreadyReminded(Refusal):
    text = "This week's reminder has gone out already. Whenever you do the step, log it with `/log`."


class NoDayLeft(Refusal):
    text = (
        "No day is left before it is due, or the next six days have no notes. `/me` and `/week` show the step whenever "
        "you like."
    )


class DayGone(Refusal):
    text = "That day is no longer on offer. Press *Another day* again and pick from the fresh list."


class TooManyFields(Refusal):
    text = "You named {count} fields; a focus holds one or two. Keep the two that matter most this term."
    count: int


class UnknownItem(Refusal):
    text = "There is no checklist item “{item}”. Run `/footprint` and pick one from the list."
    item: str


class UnknownTemplate(Refusal):
    text = "There is no goal template “{template}”. Run `/goal new` and pick one from the list."
    template: str


class UnknownKind(Refusal):
    text = "I do not know the kind “{kind}”. Run `/log` and pick one of the buttons."
    kind: str


class GoalRunning(Refusal):
    text = "“{title}” is running already. Run `/goal new` to replace it or to run both; what you wrote is kept."
    title: str


class TwoGoalsRunning(Refusal):
    text = "Two goals are running already. Run `/goal review` or `/goal stop` for one first; what you wrote is kept."


class UnfinishedPlan(Refusal):
    text = "That goal is not waiting to be confirmed any more. `/goal show` says what is running now."


class DraftChanged(Refusal):
    text = "That card shows an older version of your goal. Run `/goal new`, then *Go on with it*, for the newer one."


class GoalGone(Refusal):
    text = "That goal has ended already. `/goal show` says what is running now."


class NoGoal(Refusal):
    text = "You have no goal yet. `/goal new` sets one in about four minutes."


class TargetOverCap(Refusal):
    text = "For “{label}”, choose 1 to {cap} a week. A small number you reach beats a big one you do not."
    label: str
    cap: int


class NothingToUndo(Refusal):
    text = "That entry is already gone from your log. Nothing else was changed."


class NicknameOnly(Refusal):
    text = "That looks like an address, a number, a handle or a link. Write a nickname that you alone understand."


class NicknameTaken(Refusal):
    text = "You have a “{nickname}” already. Choose another nickname, so that you can tell them apart."
    nickname: str


class UnknownContact(Refusal):
    text = "I cannot find that in your network. `/network list` shows what is there."


class NetworkFull(Refusal):
    text = "Your network holds {most} {what} at most. Take one out with `/network forget`, then add the new one."
    what: str
    most: int


class UnknownOpportunity(Refusal):
    text = "I cannot find that opportunity. `/opportunity list` shows what is open."


class OpportunityMoved(Refusal):
    text = "That opportunity has already moved on. `/opportunity list` shows where it is now."


class TooManyOpportunities(Refusal):
    text = "{most} opportunities are open already. Close one with `/opportunity update`, then add the new one."
    most: int


class StepGone(Refusal):
    text = "That step is not in the course plan any more. `/week` shows what is there."


class StepsOver(Refusal):
    text = "The term is over, so weekly steps stay as they are. Thank you for yours."


class LineNamesSomebody(Refusal):
    text = (
        "That line holds an address, a number, a handle or a link. Take it out, so that it points at nobody; the rest "
        "can stay as it is."
    )


class NamesSomebody(Refusal):
    text = "A message pings nobody: take @everyone, @here and mentions out, then send it again. Each gets it anyway."


class NobodyToWriteTo(Refusal):
    text = (
        "Nobody on that list can get a message now. Whoever had an instructor's message this week may get the next one "
        "from Monday on."
    )


class WroteToday(Refusal):
    text = "You have written to members today already. One message a day; tomorrow you can write again."


class MessageAlreadySent(Refusal):
    text = "That message is on its way already, so nothing was sent twice."


class EntryGone(Refusal):
    text = "That is not in your portfolio any more. `/portfolio` shows what is."


class NothingToShare(Refusal):
    text = "Your portfolio shows nothing yet. `/portfolio` says what can go into it."


class PortfolioNotShared(Refusal):
    text = "They share no portfolio at the moment, so there is nothing to open."


class TooMuchFeedback(Refusal):
    text = "You sent {most} texts without a name this hour. *Open it again* to sign it, or to copy it for later."
    most: int


class AskedAlready(Refusal):
    text = "Your instructors have your request already. It tops their list until one of them gets in touch."


class ErasureChanged(Refusal):
    text = "Your courses have changed since that card, so nothing was deleted. Run `/privacy delete` to see them."


class ErasureNotNoted(Refusal):
    text = (
        "Nothing was deleted: I could not note it in the place that keeps a backup from bringing you back. Please tell "
        "whoever runs me that the reason is in the log, then run `/privacy delete` again."
    )


class ErasureUnfinished(Refusal):
    text = (
        "My database went away while it was deleting. Your wish is noted: what is left goes when I next start. To have "
        "it at once, run `/privacy delete` again in a few minutes."
    )
