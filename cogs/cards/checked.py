"""What the cards of texts that are checked and not kept have in common: findings, and where help is."""

from collections.abc import Iterator, Mapping, Sequence

import discord

from bot.coaching.bios import BioRule, Finding
from bot.coaching.texts import optional_text, plain
from cogs.cards.shapes import button, card
from prompts.message_check import MessageRule

SHOWN_POINTS = 3
SHOWN_QUOTES = 2
NOTHING = "Nothing here that a program can mend. The questions are yours to answer."


def findings(found: Sequence[Finding], rules: Mapping[str, BioRule] | Mapping[str, MessageRule]) -> list[str]:
    """Return the first points of a check, or that there is none."""
    points = list(_points(found, rules))
    more = len(points) - SHOWN_POINTS
    return [*(points[:SHOWN_POINTS] or [NOTHING]), *([f"-# {more} more after these."] if more > 0 else [])]


def _points(found: Sequence[Finding], rules: Mapping[str, BioRule] | Mapping[str, MessageRule]) -> Iterator[str]:
    """Yield what each rule says, with its first quotes; contact data of each kind by itself."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in found:
        if not any(finding.quote and finding.quote == other.quote for group in groups.values() for other in group):
            groups.setdefault((finding.rule, finding.values.get("what", "")), []).append(finding)
    for (rule_id, _), group in groups.items():
        rule, first = rules[rule_id], group[0]
        # Of letters that cannot be seen there is nothing to show.
        quotes = [f"> {quote}" for finding in group[:SHOWN_QUOTES] if (quote := words(finding.quote))]
        yield "\n".join([f"**{rule.message.format_map(first.values)}**", *quotes, rule.fix.format_map(first.values)])


def words(text: str) -> str:
    """Return words of a text as they may be on a card: on one line, as written, and nothing that turns the rest."""
    return plain(optional_text("The quote", text, len(text)) or "")


def support_line(support: str | None, help_lines: str) -> str:
    """Return whom to talk to, small, for under every check."""
    contact = plain(support) if support else f"Free help lines by country: {help_lines}"
    return f"-# Need to talk to someone? {contact}"


def not_watched(support: str | None, help_lines: str) -> str:
    """Say under a form whose text instructors read that nobody watches it, and where help is."""
    contact = plain(support) if support else f"free help lines by country: {help_lines}"
    return f"-# Not watched. In an emergency call your local emergency number; to talk to someone, {contact}"


def support_first(support: str | None, help_lines: str, label: str, route: str, *args: object) -> discord.ui.LayoutView:
    """Return where help is, instead of a check of a text that says plainly that its writer is in distress.

    Args:
        label: of the button that leads to the check all the same, by `route` with `args`, the owner first.
    """
    contact = f"{plain(support)}. " if support else ""
    return card(
        f"If life is hard right now, you need not carry it alone. {contact}If you might hurt yourself, call your local "
        f"emergency number now. Free help lines by country: {help_lines}\n\n"
        "Nobody has been told, and your text was not kept.",
        [button(label, route, *args)],  # pyright: ignore[reportArgumentType]
    )
