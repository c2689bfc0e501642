"""Every card and form as text, kept in cards.txt; `python -m tests.cogs.cards.golden` writes it anew."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.cogs.cards.screens import forms, views
from tests.cogs.classroom import BUTTON, INPUT, RADIO, TEXT

GOLDEN = Path(__file__).with_name("cards.txt")

STYLES = {1: "*", 2: "", 3: "+", 4: "-"}
LONG = 2
"""The style of a text input of several lines."""
SHOWN = 7
"""Most options of a menu that are written out."""
FILLINGS = [
    (re.compile(pattern), short)
    for pattern, short in (
        (r"(?:Wide words ?)+(?:W(?:i(?:d(?:e(?: w(?:o(?:r(?:ds?)?)?)?)?)?)?)?)?x?\b", "Wide words"),
        (r"(?:\\\*\\_){2,}(?:\\\*)?", "Marks"),
        (r"(?:\*_){4,}\*?", "Raw"),
        (r"([a-zA-Z*`'\\])\1{9,}", r"\1…"),
        (r"\d{17,}", "ID"),
    )
]


def screens() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every card and form."""
    for name, view in views():
        yield name, "\n".join(_components(view.to_components()))
    for name, form in forms():
        yield f"form: {name}", _form(form.to_dict())


def _component(made: Any) -> Iterator[str]:
    match made["type"]:
        case 1 if made["components"][0]["type"] == BUTTON:
            yield " ".join(map(_button, made["components"]))
        case 9:
            yield from _components(made["components"])
            yield "  " + _button(made["accessory"])
        case 10:
            yield made["content"]
        case 12:
            yield from (f"<picture> {one['description']}" for one in made["items"])
        case 13:
            yield f"<file> {made['file']['url']}"
        case 3 | 6:
            yield _select(made)
        case _:
            yield from _components(made["components"])


def _components(made: Any) -> Iterator[str]:
    for one in made:
        yield from _component(one)


def _button(made: Mapping[str, Any]) -> str:
    return f"[{STYLES[made['style']]}{made['label']} → {made['custom_id'].removeprefix('pln1:')}]"


def _select(made: Mapping[str, Any]) -> str:
    chosen = [one["label"] for one in made.get("options", ()) if one.get("default")]
    options = [
        f"{one['value']}: {one['label']}{' / ' * bool(one.get('description'))}{one.get('description') or ''}"
        for one in made.get("options", ())
    ]
    if len(options) > SHOWN:
        options = [*options[:3], f"{len(options)} in all"]
    roles = [f"{len(made['default_values'])} chosen"] if made.get("default_values") else []
    head = f"{{{made.get('placeholder')} → {made['custom_id'].removeprefix('pln1:')}}}"
    return " | ".join([head, *options, *(f"chosen: {one}" for one in chosen), *roles])


def _form(made: Mapping[str, Any]) -> str:
    lines = [f"{made['title']} → {made['custom_id'].removeprefix('pln1:')}"]
    for label in made["components"]:
        if label["type"] == TEXT:
            lines.append(label["content"])
            continue
        hint = f" ({label['description']})" if label.get("description") else ""
        lines += [label["label"] + hint, f"  {_input(label['component'])}"]
    return "\n".join(lines)


def _input(made: Mapping[str, Any]) -> str:
    need = "" if made["required"] else "?"
    if made["type"] != INPUT:
        kind = "radio " * (made["type"] == RADIO)
        return _select({**made, "placeholder": kind + made["custom_id"] + need, "custom_id": "chosen"})
    size = f"{'long, ' * (made['style'] == LONG)}{made['max_length']}"
    example = f" e.g. {made['placeholder']}" if made.get("placeholder") else ""
    filled = f" = {made['value']}" if made.get("value") else ""
    return f"{made['custom_id']}{need} ({size}){example}{filled}"


def _short(text: str) -> str:
    """Return a text without what only fills it: words and marks over and over, long ids, lines that come again."""
    for filling, short in FILLINGS:
        text = filling.sub(short, text)
    lines = text.splitlines()
    for size in (1, 2):
        lines = list(_once(lines, size))
    return "\n".join(lines)


def _once(lines: list[str], size: int) -> Iterator[str]:
    """Yield the lines, of so many that come again and again only the first with how often it comes."""
    at = 0
    while at < len(lines):
        group, count = lines[at : at + size], 1
        while lines[at + count * size : at + (count + 1) * size] == group:
            count += 1
        if count > 1:
            yield from group[:-1]
            yield f"{group[-1]}   (×{count})"
            at += count * size
        else:
            yield lines[at]
            at += 1


def written() -> str:
    """Return the whole golden."""
    return "\n\n".join(f"===== {name}\n{_short(text)}" for name, text in screens()) + "\n"


if __name__ == "__main__":
    GOLDEN.write_text(written(), encoding="utf-8")
