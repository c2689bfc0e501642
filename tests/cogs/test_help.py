from tests.cogs.classroom import Classroom


async def test_help_works_for_anyone_even_before_there_is_a_course(server: Classroom) -> None:
    shown = await server.person("ann").run("help")
    assert "What would you like to do?" in shown.text
    assert shown.private
