"""/portfolio in a course server, from nothing to a page that instructors open and that is taken back."""

from datetime import date

from bot.coaching.course_plan import DoneBy, DueDay, PlanWeek, StepState
from bot.coaching.ids import GuildId, UserId
from storage import cohort as cohorts
from storage import course_plan, members
from storage.database import Tx
from tests.cogs.classroom import Classroom, Person, Screen

LINE = "I wrote to <b>Kim</b> | *twice*."
QUOTED = "> I wrote to \\<b\\>Kim\\</b\\> \\| \\*twice\\*."


async def hand_in(course: Classroom, person: Person, text: str = LINE) -> str:
    """Let a member hand in the line of week 1; return how the menu calls it."""

    def work(tx: Tx) -> str:
        cohort = cohorts.open_in(tx, GuildId(course.guild.id))
        assert cohort is not None
        if not course_plan.weeks(tx, cohort.id):
            week = PlanWeek("Intent", "Write a line", 10, DueDay.FRIDAY, DoneBy.LINE)
            course_plan.put_week(tx, cohort.id, None, date(2026, 9, 7), week, cohort.term)
        enrolment = members.find(tx, cohort.id, UserId(person.id))
        assert enrolment is not None
        [made] = course_plan.weeks(tx, cohort.id)
        course_plan.put_step(tx, enrolment.id, made.id, StepState.DONE, date(2026, 9, 8), text)
        return f"week:{made.id}"

    return await course.database.transact(work)


async def with_a_line(course: Classroom, person: Person) -> Screen:
    """Return the first card after a line was ticked and answered for."""
    source = await hand_in(course, person)
    card = await person.press(await person.run("portfolio"), "Choose")
    card = await person.pick(card, source)
    return await person.press(await person.press(card, "Go on"), "No, nobody")


async def file(shown: Screen, name: str) -> str:
    """Return a file of an answer."""
    assert shown.message is not None
    assert isinstance(shown.message.attachments, list)
    return {one.filename: (await one.read()).decode() for one in shown.message.attachments}[name]


async def test_the_first_card_leads_from_a_line_to_the_page(course: Classroom) -> None:
    ann = await course.member()
    empty = await ann.run("portfolio")
    assert "**In it**: nothing yet." in empty.text
    assert empty.private
    assert "The page shows nothing yet." in (await ann.press(empty, "Preview")).text
    assert "Nothing to tick yet." in (await ann.press(await ann.run("portfolio"), "Choose")).text
    source = await hand_in(course, ann)
    card = await ann.press(await ann.run("portfolio"), "Choose")
    assert card.menus[0].options == {source: LINE}
    card = await ann.pick(card, source)
    assert "1 text waits for one answer of yours" in card.text
    asked = await ann.press(card, "Go on")
    assert asked.text == f"## Does this name or show anybody else?\n{QUOTED}"
    later = await ann.press(asked, "Later")
    assert "**Next**: one question about 1 text" in later.text
    assert LINE not in (await ann.press(later, "Preview")).text
    asked = await ann.press(await ann.run("portfolio"), "Look at them")
    home = await ann.press(asked, "No, nobody")
    assert "**In it**: 1 line." in home.text
    preview = await ann.press(home, "Preview")
    assert f"**Week by week**\n*Week 1: Intent*\n{QUOTED}" in preview.text


async def test_a_text_that_names_somebody_is_reworded_or_left_out(course: Classroom) -> None:
    ann = await course.member()
    source = await hand_in(course, ann)
    card = await ann.pick(await ann.press(await ann.run("portfolio"), "Choose"), source)
    asked = await ann.press(card, "Go on")
    form = await ann.press(asked, "Yes: reword it")
    assert form.form == {"text": LINE}
    home = await ann.send(form, text="I wrote twice.")
    assert "> I wrote twice." in (await ann.press(home, "Preview")).text
    menu = await ann.press(await ann.run("portfolio"), "Reword or take out")
    entry = await ann.pick(menu, next(iter(menu.menus[0].options)))
    assert "Nothing is in it." in (await ann.press(entry, "Take it out")).text
    card = await ann.pick(await ann.press(await ann.run("portfolio"), "Choose"), source)
    left = await ann.press(await ann.press(card, "Go on"), "Yes: leave it out")
    assert "**In it**: nothing yet." in left.text


async def test_the_page_is_downloaded_as_html_and_markdown(course: Classroom) -> None:
    ann = await course.member()
    preview = await ann.press(await with_a_line(course, ann), "Preview")
    shown = await ann.press(preview, "Download")
    assert shown.private
    assert "I wrote to &lt;b&gt;Kim&lt;/b&gt; | *twice*." in await file(shown, "portfolio.html")
    assert QUOTED.removeprefix("> ") in await file(shown, "portfolio.md")


async def test_instructors_open_the_copy_until_it_is_taken_back(course: Classroom) -> None:
    ann = await course.member()
    home = await with_a_line(course, ann)
    assert "Portfolio" not in (await course.instructor.run("cohort member", member=ann.member)).text
    asked = await ann.press(await ann.press(home, "Preview"), "Share with my instructors")
    assert "They can save a copy; taking back ends viewing here." in asked.text
    shared = await ann.press(asked, "Share it")
    assert "Your instructors can open it as it was on Tuesday 8 September" in shared.text
    assert "Share again" in (await ann.press(await ann.run("portfolio"), "Preview")).labels
    seen = await course.instructor.run("cohort member", member=ann.member)
    assert "**Portfolio**, shared since Tuesday 8 September" in seen.text
    opened = await course.instructor.press(seen, "Portfolio")
    assert "&lt;b&gt;Kim" in await file(opened, "portfolio.html")
    assert opened.private
    told = await ann.run("privacy seen")
    assert f"<@{course.instructor.id}> opened the portfolio you share" in told.text
    assert "Your portfolio as it was then, since Tuesday 8 September" in told.text
    sharing = await ann.run("privacy share")
    assert "**Your portfolio**\nshared since Tuesday 8 September, as it was then" in sharing.text
    assert "not shared; `/portfolio` makes one" in (await ann.press(sharing, "Take it back")).text
    refused = await course.instructor.press(seen, "Portfolio")
    assert "They share no portfolio at the moment" in refused.text


async def test_a_bio_is_kept_only_when_its_member_pastes_it(course: Classroom) -> None:
    ann = await course.member()
    checked = await ann.send(await ann.run("bio check", place="github"), text="I build quokkatools.")
    assert "quokka" not in str(course.stored())
    form = await ann.press(checked, "Keep this bio in my portfolio")
    assert form.form["text"] == ""
    kept = await ann.send(form, text="I build quokkatools.\nFor nurses.", kind=["bio_after"])
    assert kept.text.startswith("It is in your portfolio as the bio of now.")
    assert "quokka" in str(course.stored())
    bios = await ann.press(await ann.press(kept, "My portfolio"), "Bio")
    assert "**Now**\n> I build quokkatools.\n> For nurses." in bios.text
    form = await ann.press(bios, "Change")
    assert form.form["text"] == "I build quokkatools.\nFor nurses."
    bios = await ann.send(await ann.press(bios, "Paste it"), text="A student.")
    assert "**Before**\n> A student." in bios.text


async def test_everything_of_a_portfolio_is_listed_exported_and_erased(course: Classroom) -> None:
    ann = await course.member()
    home = await with_a_line(course, ann)
    await ann.press(await ann.press(await ann.press(home, "Preview"), "Share with my instructors"), "Share it")
    stored = await ann.run("privacy stored")
    assert "**Your portfolio** 1: because you chose to keep it there" in stored.text
    assert "**The portfolio you share** 1" in stored.text
    export = await ann.run("privacy export")
    assert export.result is not None
    files = [one for message in export.result.followups for one in message.attachments]
    [data] = [(await one.read()).decode() for one in files if one.filename == "my-data.json"]
    assert "I wrote to <b>Kim</b> | *twice*." in data
    assert "&lt;b&gt;Kim" in data
    await ann.press(await ann.run("privacy delete"), "Delete")
    assert "Kim" not in str(course.stored())


async def test_the_portfolio_works_in_direct_messages(course: Classroom) -> None:
    ann = await course.member()
    await with_a_line(course, ann)
    assert "**In it**: 1 line." in (await ann.in_dm.run("portfolio")).text
