"""What Discord accepts, and what this bot promises of everything it sends."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import discord

from tests.cogs.classroom import BUTTON, EPHEMERAL, SELECT, TEXT, parts

NEW_MESSAGE, EDIT, MODAL = 4, 7, 9

Check: TypeAlias = Callable[[Mapping[str, Any]], Iterable[str]]


def _over(what: str, text: str | None, limit: int) -> Iterator[str]:
    if text is not None and len(text) > limit:
        yield f"{what} has {len(text)} characters of {limit}: {text[:60]}"


def _menu_breaches(menu: Mapping[str, Any]) -> Iterator[str]:
    options: Sequence[Mapping[str, Any]] = menu["options"]
    if not 1 <= len(options) <= 25:
        yield f"a menu has {len(options)} options: {menu['custom_id']}"
    if len({one["value"] for one in options}) < len(options):
        yield f"a menu offers a value twice: {menu['custom_id']}"
    yield from _over("a placeholder", menu.get("placeholder"), 150)
    for one in options:
        yield from _over("an option's label", one["label"], 100)
        yield from _over("an option's value", one["value"], 100)
        yield from _over("an option's description", one.get("description"), 100)


def _part_breaches(part: Mapping[str, Any]) -> Iterator[str]:
    yield from _over("a custom id", part.get("custom_id"), 100)
    match part["type"]:
        case 1 if not 1 <= len(part["components"]) <= 5:
            yield f"a row has {len(part['components'])} components"
        case 2:
            yield from _over("a button's label", part["label"], 80)
        case 3:
            yield from _menu_breaches(part)
        case 4:
            yield from _over("a placeholder", part.get("placeholder"), 100)
            yield from _over("a value", part.get("value"), part.get("max_length") or 4000)
        case 10 if not part["content"].strip():
            yield "an empty text"
        case 18:
            yield from _over("a label", part["label"], 45)
            yield from _over("a description", part.get("description"), 100)
        case _:
            return


def _twice(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    ids = [part["custom_id"] for part in found if "custom_id" in part]
    yield from (f"a custom id stands twice: {made}" for made in set(ids) if ids.count(made) > 1)


def message_breaches(components: Any) -> list[str]:
    """Return what Discord would refuse about a message's components."""
    found = list(parts(components))
    breaches = [breach for part in found for breach in _part_breaches(part)]
    breaches += _twice(found)
    texts = [part["content"] for part in found if part["type"] == TEXT]
    if len(found) > 40:
        breaches.append(f"{len(found)} components of 40")
    if sum(map(len, texts)) > 4000:
        breaches.append(f"{sum(map(len, texts))} characters of 4000")
    return breaches


def form_breaches(modal: Mapping[str, Any]) -> list[str]:
    """Return what Discord would refuse about a modal."""
    found = list(parts(modal["components"]))
    breaches = [breach for part in found for breach in _part_breaches(part)]
    breaches += _twice(found)
    breaches += _over("a title", modal["title"], 45)
    breaches += _over("a custom id", modal["custom_id"], 100)
    if not 1 <= len(modal["components"]) <= 5:
        breaches.append(f"{len(modal['components'])} labels of 5")
    return breaches


def view_breaches(view: discord.ui.LayoutView) -> list[str]:
    """Return what Discord would refuse about a card."""
    return message_breaches(view.to_components())


def _fits(body: Mapping[str, Any]) -> Iterator[str]:
    yield from message_breaches(body.get("components", []))
    yield from _over("a content", body.get("content"), 2000)


def _pings_nobody(body: Mapping[str, Any]) -> Iterator[str]:
    allowed = body.get("allowed_mentions")
    if not allowed or any(allowed.get(name) for name in ("parse", "users", "roles", "replied_user")):
        yield f"a message that may ping: {allowed}"


def _is_private(body: Mapping[str, Any]) -> Iterator[str]:
    buttons = [part["custom_id"] for part in parts(body.get("components", [])) if part["type"] in {BUTTON, SELECT}]
    if not body.get("flags", 0) & EPHEMERAL and buttons != ["pln1:start.open:0"]:
        yield f"a public answer with {buttons}"


def broken_promises(method: str, path: str, body: Any) -> list[str]:
    """Return what is wrong with a request of the bot: a message or form that is too big, public, or may ping."""
    if not isinstance(body, Mapping) or method != "POST":
        return []
    sent: Mapping[str, Any] = body  # pyright: ignore[reportUnknownVariableType]
    public: Sequence[Check] = (_fits, _pings_nobody)
    private: Sequence[Check] = (*public, _is_private)
    forms: Sequence[Check] = (form_breaches,)
    checks: Sequence[Check] = ()
    if path.endswith("/callback"):
        checks = {NEW_MESSAGE: private, EDIT: public, MODAL: forms}.get(sent["type"], checks)
        sent = sent.get("data") or {}
    elif path.startswith("/webhooks/"):
        checks = private
    elif path.endswith("/messages"):
        checks = public
    return [breach for check in checks for breach in check(sent)]
