"""Every card and form reads as cards.txt has it."""

from tests.cogs.cards.golden import GOLDEN, written


def test_every_card_and_form_reads_as_the_golden_says() -> None:
    assert written() == GOLDEN.read_text(encoding="utf-8"), "meant? `python -m tests.cogs.cards.golden` writes it anew"
