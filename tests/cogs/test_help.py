import re

from tests.cogs.classroom import Classroom
from tests.test_house import COMMANDS

MOST_LINES = 25


async def test_help_works_for_anyone_even_before_there_is_a_course(server: Classroom) -> None:
    shown = await server.person("ann").run("help")
    assert "What would you like to do?" in shown.text
    assert shown.private


async def test_help_leads_into_every_feature(server: Classroom) -> None:
    shown = await server.person("ann").run("help")
    named = {one.split()[0] for one in re.findall(r"`/([a-z ]+)`", shown.text)}
    assert named == {command.split()[0] for command in COMMANDS} - {"help"}


async def test_help_is_read_in_one_look(server: Classroom) -> None:
    shown = await server.person("ann").run("help")
    assert len(shown.text.splitlines()) <= MOST_LINES
    assert max(len(line) for line in shown.text.splitlines()) <= 120


async def test_what_is_for_those_who_teach_stands_apart_and_last(server: Classroom) -> None:
    shown = await server.person("ann").run("help")
    for_members, _, for_teachers = shown.text.partition("If you teach")
    assert "/cohort" not in for_members
    assert set(re.findall(r"`/([a-z]+)", for_teachers)) == {"cohort"}
