"""The AI reviewer as the services see it: whoever answers a request, and what is known of them.

The real one is `bot.critique.critic`; it is made by the composition root, and only when one is configured.
"""

from dataclasses import dataclass
from typing import Protocol

from bot.coaching.bios import Critique, CritiqueRequest
from storage.bios import Caps


class Critic(Protocol):
    """Somebody who reads bios."""

    async def critique(self, request: CritiqueRequest) -> Critique:
        """Return what they say of a bio, checked; whatever goes wrong is an outcome, and nothing is raised."""
        ...


@dataclass(frozen=True, slots=True)
class Reviewer:
    """The AI reviewer that is configured.

    `host`: who gets the texts, as the notice names it. `prompt_version`: changes with every word of the prompt.
    `reserve_tokens`: the most tokens that one call may use, at least 1.
    """

    critic: Critic
    host: str
    model: str
    prompt_version: str
    reserve_tokens: int
    caps: Caps
