import pytest

from bot.demo.classroom import open_classroom
from bot.demo.simulator import direct_messages


async def test_a_week_that_failed_goes_on_to_where_it_was_going(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_classroom() as classroom:
        amara = classroom.viewers[0].actor
        before = len(direct_messages(amara))
        real = classroom.course.app.rounds.round
        failures = iter([None, None, RuntimeError("the disk is full")])

        async def failing() -> None:
            await real()
            if error := next(failures, None):
                raise error

        monkeypatch.setattr(classroom.course.app.rounds, "round", failing)
        with pytest.raises(RuntimeError, match="the disk is full"):
            await classroom.advance()

        assert str(await classroom.advance()) == "2026-10-27"
        assert str(await classroom.advance()) == "2026-11-03"
        assert len(direct_messages(amara)) == before + 2


async def test_the_class_shows_what_became_of_every_note() -> None:
    async with open_classroom() as classroom:
        channel = classroom.course.channel
        told: dict[str, str] = {}
        for viewer in classroom.viewers:
            shown = (await viewer.actor.slash(channel, "nudge history")).response
            told[viewer.role] = str(shown and shown.components)

    assert told["member"].count(": sent") == 7
    assert "held: your direct messages were closed to me" in told["member, closed messages"]
    assert "Monday 19 October" in told["member, quiet lately"]
    assert "Monday 19 October" not in told["member, on a pause"]
    assert "You have not joined the course yet" in told["newcomer"]
