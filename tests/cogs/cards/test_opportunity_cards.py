"""The moves that an opportunity's card offers."""

import discord

from bot.coaching.opportunities import Move, OpportunityState, next_moves
from bot.services.opportunities import OpportunityView
from cogs.cards import opportunities
from tests.cogs.cards.screens import DAY, OWNER, SIMPLE, everywhere


def test_every_state_and_move_has_words() -> None:
    assert opportunities.STATES.keys() == set(OpportunityState)
    assert opportunities.NEXT.keys() == set(OpportunityState) - {OpportunityState.SENT}
    assert opportunities.MOVES.keys() == opportunities.ANSWERS.keys() == set(Move)


def test_a_card_offers_every_move_that_fits_and_no_other() -> None:
    for kept in everywhere(SIMPLE):
        view = opportunities.detail(OpportunityView(kept, DAY, None), OWNER)
        labels: list[str | None] = [
            item.label
            for item in view.walk_children()
            if isinstance(item, discord.ui.Button)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        ]
        wanted = [opportunities.MOVES[move] for move in next_moves(kept)]
        if kept.state is OpportunityState.SENT:
            wanted[-1] = opportunities.NOT_SENT
        assert [label for label in labels if label not in {"Edit", "Forget", "All opportunities"}] == wanted
