import re

from tests.cogs.classroom import Classroom
from tests.test_house import COMMANDS

MOST_WORDS = 130


async def test_help_works_for_anyone_even_before_there_is_a_course(server: Classroom) -> None:
    shown = await server.person("ann").run("help")
    assert "What would you like to do?" in shown.text
    assert shown.private
    assert "/cohort" not in shown.text
    assert "/cohort" not in (await server.person("ann").in_dm.run("help")).text


async def test_instructors_read_their_own_commands_and_may_see_the_members(course: Classroom) -> None:
    shown = await course.instructor.run("help")
    assert set(re.findall(r"`/([a-z]+)", shown.text)) == {"cohort"}
    assert "/cohort" not in (await course.instructor.press(shown, "What members can do")).text


async def test_help_leads_into_every_feature_in_few_words(course: Classroom) -> None:
    texts = [(await who.run("help")).text for who in (course.person("ann"), course.instructor)]
    assert {len(text.split()) <= MOST_WORDS for text in texts} == {True}
    named = {one.split()[0] for text in texts for one in re.findall(r"`/([a-z ]+)`", text)}
    assert named == {command.split()[0] for command in COMMANDS} - {"help"}
