"""The AI reviewer as the services see it; the composition root makes it, and only when one is configured."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.coaching.bios import Critique, CritiqueRequest, Subject
from storage.bios import Caps


class Critic(Protocol):
    """Somebody who reads bios and first messages; the real one is `bot.critique.model.OpenAICritic`."""

    async def critique(self, request: CritiqueRequest) -> Critique:
        """Return what they say of a text, checked; whatever goes wrong is an outcome, and nothing is raised."""
        ...


@dataclass(frozen=True, slots=True)
class Reviewer:
    """The AI reviewer that is configured.

    Attributes:
        host: who gets the texts, as members are told.
        prompt_versions: each changes with every word of its prompt.
        reserve_tokens: the most tokens that one call may use, at least 1.
        host_note: who runs the host and where, in the operator's words.
    """

    critic: Critic
    host: str
    model: str
    prompt_versions: Mapping[Subject, str]
    reserve_tokens: int
    caps: Caps
    host_note: str | None = None
