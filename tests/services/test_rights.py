"""What a member may know and take along: theirs, all of it, and nothing of anybody else."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.coaching.cohort import Access, Audience, Caller, SharedItem
from bot.coaching.data_export import DataExport
from bot.coaching.errors import OldCard
from bot.coaching.ids import EnrolmentId, GuildId, UserId
from bot.coaching.log import ActionDraft
from bot.coaching.network import Category, ContactDraft
from bot.coaching.opportunities import OpportunityDraft, OpportunityKind
from bot.coaching.register import Listing, row_words
from bot.services.feedback import How
from bot.services.rights import COUNTS_ONLY, ENTRIES_SHOWN, NOTHING_SEEN, ROW_SEEN, RightsService, row_later
from prompts import Content
from storage import access_log, tables
from storage.database import Database, Tx
from storage.inventory import MEMBER_KINDS
from tests.services.course import START, TEACHER, TERM_START, Course, counted_statements, member, teacher
from tests.storage.course import TODAY
from tests.storage.test_members_apart import seat

ANN, BEN = 10, 11


def anyone(user_id: int = ANN, guild_id: GuildId | None = None) -> Caller:
    return Caller(UserId(user_id), Audience.ANYONE, guild_id, frozenset(), manages_guild=False, dm_channel_id=None)


@pytest.fixture
def course(sqlite_course: Course) -> Course:
    """Where the kind of database makes no difference."""
    return sqlite_course


@pytest.fixture
def rights(course: Course) -> RightsService:
    return RightsService(course.database, course.content)


async def place(course: Course, user_id: int = ANN) -> EnrolmentId:
    e = tables.enrolment.c
    found = await course.database.read(lambda tx: tx.scalar(select(e.id).where(e.user_id == user_id)))
    assert found is not None
    return EnrolmentId(found)


async def close(course: Course) -> None:
    await course.database.transact(lambda tx: tx.execute(update(tables.cohort).values(closed_at=course.clock())))


async def export_of(rights: RightsService, course: Course, user_id: int = ANN) -> DataExport:
    found = await rights.export(anyone(user_id), course.clock())
    assert found is not None
    return found


async def test_every_kind_is_counted_and_every_row_exported(database: Database, content: Content) -> None:
    """A member with one of everything, put there by the stores themselves."""
    course, rights = Course(database, content), RightsService(database, content)
    one = await course.database.transact(lambda tx: seat(tx, UserId(ANN)))
    other = await course.database.transact(lambda tx: seat(tx, UserId(BEN)))
    found = await rights.stored(anyone(), None)
    assert found.mine is not None
    assert found.mine.place.enrolment.id == one.id
    assert [kind for kind, _ in found.here] == list(MEMBER_KINDS)
    assert all(count for _, count in found.here)
    export = await export_of(rights, course)
    (kept,) = [made["kept"] for made in json.loads(export.json)["courses"]]
    assert {table: len(kind["rows"]) for table, kind in kept.items()} == {
        kind.table: count for kind, count in found.here
    }
    for table, kind in kept.items():
        assert set(kind["rows"][0]) == set(tables.metadata.tables[table].c.keys()), table
    for text in (export.markdown, export.json, export.ics or ""):
        assert other.mark not in text
    for text in (export.markdown, export.json):
        assert one.mark in text
    for kind in MEMBER_KINDS:
        assert f"### {kind.title} (" in export.markdown
    assert re.findall(r"\b[a-z]+_[a-z_]+\b", export.markdown.replace(one.mark, "")) == []


async def test_an_export_names_things_by_their_words(rights: RightsService, course: Course) -> None:
    await course.join(ANN)
    await course.set_goal(ANN)
    await course.log.log(member(ANN), ActionDraft("reply", "a\nnote"), course.clock())
    text = (await export_of(rights, course)).markdown
    kinds = course.content.vocabulary.kinds
    assert f"- day: 2027-02-15; what: {kinds['reply'].label}; note: a note" in text
    assert "# What PLN Coach keeps about you\n\nMade on 2027-02-15 at 09:00, Europe/Berlin time." in text
    assert "joined: 2027-02-15 09:00" in text
    assert "day of the note: Monday; hour of the note: 16:00; " in text
    assert "quiet from: 21:00; quiet until: 08:00" in text


async def test_the_calendar_has_what_is_ahead(rights: RightsService, course: Course) -> None:
    await course.join(ANN)
    await course.set_goal(ANN)
    now = course.clock()
    opening = OpportunityDraft("Ward assistant; nights, Köln", OpportunityKind.JOB, due_on=TODAY)
    await course.opportunities.add(member(ANN), opening, now)
    await course.network.add_person(member(ANN), ContactDraft("Owl", Category.ALUM), now)
    ics = (await export_of(rights, course)).ics or ""
    lines = ics.replace("\r\n ", "").split("\r\n")
    assert "SUMMARY:Due: Ward assistant\\; nights\\, Köln" in lines
    assert "DTSTART;VALUE=DATE:20270303" in lines
    assert any(line.startswith("SUMMARY:Look back at your goal: One real exchange") for line in lines)
    assert lines.count("BEGIN:VEVENT") == ics.count("UID:")


async def test_somebody_unknown_has_nothing_to_see_and_nothing_to_take(rights: RightsService, course: Course) -> None:
    await course.join(BEN)
    assert not (await rights.stored(anyone(), None)).known
    assert await rights.seen(anyone(), None, course.clock()) is None
    assert await rights.sharing(anyone(), None) is None
    assert await rights.export(anyone(), course.clock()) is None


async def test_instructors_export_when_they_looked_and_not_at_whom(rights: RightsService, course: Course) -> None:
    await course.join(ANN)
    one = await place(course)
    await course.database.transact(lambda tx: access_log.add(tx, [one], TEACHER, Access.MEMBER, START))
    found = await rights.stored(anyone(TEACHER), None)
    assert (found.known, found.mine) == (True, None)
    export = await export_of(rights, course, TEACHER)
    (kind,) = [made for made in json.loads(export.json)["account"].values() if made["rows"]]
    (row,) = kind["rows"]
    assert (row["accessed_at"], row["what"], row["by_user_id"]) == (START.isoformat(), "member", str(TEACHER))
    assert "enrolment_id" not in row


# Which course


async def test_a_card_is_about_this_servers_course_or_the_newest_open_one(
    rights: RightsService, course: Course
) -> None:
    other = Course(course.database, course.content, guild_id=GuildId(701), clock=course.clock)
    await other.open(name="Elsewhere")
    await course.join(ANN)
    course.clock.advance(timedelta(hours=1))
    await other.join(ANN, channel=False)

    async def shown(caller: Caller) -> str:
        found = await rights.sharing(caller, None)
        assert found is not None
        assert len(found.mine.places) == 2
        return found.mine.place.cohort.name

    assert await shown(anyone(guild_id=course.guild_id)) == "PLN 1"
    assert await shown(anyone(guild_id=GuildId(701))) == "Elsewhere"
    assert await shown(anyone(guild_id=GuildId(999))) == "Elsewhere"
    assert await shown(anyone()) == "Elsewhere"


async def test_a_place_that_is_somebody_elses_cannot_be_chosen(rights: RightsService, course: Course) -> None:
    await course.join(ANN, BEN)
    his = await place(course, BEN)
    before = await course.everything()
    now = course.clock()
    with pytest.raises(OldCard):
        await rights.stored(anyone(), his)
    with pytest.raises(OldCard):
        await rights.seen(anyone(), his, now)
    with pytest.raises(OldCard):
        await rights.sharing(anyone(), his)
    with pytest.raises(OldCard):
        await rights.share(anyone(), his, SharedItem.GOAL, now, on=True)
    with pytest.raises(OldCard):
        await rights.greet_me(anyone(), his, now, on=True)
    assert await course.everything() == before


async def test_only_what_is_declared_for_anyone_reaches_it(rights: RightsService, course: Course) -> None:
    with pytest.raises(RuntimeError):
        await rights.stored(member(ANN), None)
    with pytest.raises(RuntimeError):
        await rights.export(member(ANN), course.clock())


# Sharing, and what is seen


async def test_sharing_is_dated_and_repeating_it_changes_nothing(rights: RightsService, course: Course) -> None:
    await course.join(ANN)
    one, now = await place(course), course.clock()
    await rights.share(anyone(), one, SharedItem.GOAL, now, on=True)
    found = await rights.share(anyone(), one, SharedItem.GOAL, now + timedelta(days=1), on=True)
    assert (dict(found.shared), found.has_goal) == ({SharedItem.GOAL: now}, False)
    assert (await rights.share(anyone(), one, SharedItem.GOAL, now, on=False)).shared == {}


async def test_a_wish_to_be_greeted_is_one_with_that_of_the_feedback(rights: RightsService, course: Course) -> None:
    await course.join(ANN)
    one, now = await place(course), course.clock()
    await course.feedback.tell(member(ANN), How.CONTACT, None, now)
    found = await rights.sharing(anyone(), None)
    assert found is not None
    assert found.greeting_since == now
    assert (await rights.greet_me(anyone(), one, now, on=False)).greeting_since is None
    assert not await course.feedback.take_back(member(ANN), now)
    assert (await rights.greet_me(anyone(), one, now, on=True)).greeting_since == now
    assert await course.feedback.take_back(member(ANN), now)


async def test_the_row_is_the_one_that_instructors_see_and_only_where_they_do(
    rights: RightsService, course: Course
) -> None:
    await course.join(ANN)
    now = course.clock()
    found = await rights.seen(anyone(), None, now)
    assert found is not None
    assert found.row is None
    assert COUNTS_ONLY in (await export_of(rights, course)).markdown
    await course.use_register()
    await course.tell_of_register()
    found = await rights.seen(anyone(), None, now)
    assert found is not None
    assert found.row is not None
    assert (found.row.joined_week, found.visible) == (TERM_START, False)
    export = await export_of(rights, course)
    assert row_later(found.row, "Europe/Berlin") in export.markdown
    assert "from 22 February 2027 on" in export.markdown
    course.clock.set(now + timedelta(days=7))
    now = course.clock()
    found = await rights.seen(anyone(), None, now)
    assert found is not None
    assert found.row is not None
    assert found.visible
    export = await export_of(rights, course)
    assert ROW_SEEN in export.markdown
    for label, value in row_words(found.row):
        assert f"- {label}: {value}\n" in export.markdown
    await close(course)
    found = await rights.seen(anyone(), None, now)
    assert found is not None
    assert found.row is None
    assert NOTHING_SEEN in (await export_of(rights, course)).markdown


async def test_accesses_are_listed_newest_first_and_all_are_exported(rights: RightsService, course: Course) -> None:
    await course.join(ANN, BEN)
    ids = [await place(course, ANN), await place(course, BEN)]

    def look(tx: Tx) -> None:
        for day in range(ENTRIES_SHOWN + 2):
            rows = [
                {
                    "enrolment_id": one,
                    "by_user_id": TEACHER,
                    "what": Access.EXPORT,
                    "accessed_at": START - timedelta(day),
                }
                for one in ids
            ]
            tx.execute(insert(tables.access_log), rows)

    await course.database.transact(look)
    found = await rights.seen(anyone(), None, course.clock())
    assert found is not None
    assert (len(found.accesses), found.more_accesses) == (ENTRIES_SHOWN, True)
    assert found.accesses[0][0].at == START
    export = json.loads((await export_of(rights, course)).json)
    assert len(export["courses"][0]["kept"]["access_log"]["rows"]) == ENTRIES_SHOWN + 2


async def test_everybody_in_the_register_reads_who_opened_it(rights: RightsService, course: Course) -> None:
    await course.use_register()
    await course.join(ANN, BEN)
    await course.register.find(teacher(), Listing(), None, course.clock())
    for user_id in (ANN, BEN):
        found = await rights.seen(anyone(user_id), None, course.clock())
        assert found is not None
        assert [(entry.by, entry.what) for entry, _ in found.accesses] == [(TEACHER, Access.REGISTER)]
        kept = json.loads((await export_of(rights, course, user_id)).json)["courses"][0]["kept"]
        assert [row["by_user_id"] for row in kept["register_access"]["rows"]] == [str(TEACHER)]


async def test_accesses_of_one_instructor_on_a_day_are_one_entry(rights: RightsService, course: Course) -> None:
    await course.join(ANN)
    one, erased = await place(course), UserId(99)

    def look(tx: Tx) -> None:
        for by, what in ((TEACHER, Access.MEMBER), (TEACHER, Access.EXPORT), (erased, Access.MEMBER)):
            for number in range(ENTRIES_SHOWN):
                access_log.add(tx, [one], by, what, START + timedelta(minutes=number))
        tx.execute(update(tables.access_log).where(tables.access_log.c.by_user_id == erased).values(by_user_id=None))

    await course.database.transact(look)
    found = await rights.seen(anyone(), None, course.clock())
    assert found is not None
    last = START + timedelta(minutes=ENTRIES_SHOWN - 1)
    assert {(entry.what, entry.at, count) for entry, count in found.accesses if entry.by is not None} == {
        (Access.MEMBER, last, ENTRIES_SHOWN),
        (Access.EXPORT, last, ENTRIES_SHOWN),
    }
    assert {count for entry, count in found.accesses if entry.by is None} == {1}
    assert len(found.accesses) == ENTRIES_SHOWN
    assert found.more_accesses


async def test_rights_outlast_the_course_and_the_leaving(rights: RightsService, course: Course) -> None:
    await course.join(ANN)
    one, now = await place(course), course.clock()
    await rights.share(anyone(), one, SharedItem.GOAL, now, on=True)
    await course.database.transact(lambda tx: tx.execute(update(tables.enrolment).values(set_aside_at=now)))
    await close(course)
    assert (await rights.stored(anyone(), None)).known
    assert (await rights.share(anyone(), one, SharedItem.GOAL, now, on=False)).shared == {}
    with pytest.raises(OldCard):
        await rights.share(anyone(), one, SharedItem.GOAL, now, on=True)
    e = tables.enrolment.c
    assert await course.database.read(lambda tx: tx.scalar(select(e.set_aside_at))) == now


async def test_only_rows_of_the_caller_are_asked_for(rights: RightsService, course: Course) -> None:
    """Every statement that reads members' rows names one of the caller's own numbers."""
    await course.join(ANN, BEN)
    with counted_statements(course.database) as statements:
        await rights.export(anyone(), course.clock())
        await rights.stored(anyone(), None)
        await rights.seen(anyone(), None, course.clock())
    reading = [one for one in statements if "FROM" in one]
    assert reading
    assert all("WHERE" in one for one in reading)
