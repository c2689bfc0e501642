"""What a message looks like as plain text: its words, [buttons], «selects» and (pictures), a paragraph each."""

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

BUTTON: Final = 2
SELECT: Final = 3
GALLERY: Final = 12
NO_BREAK: Final = "\N{NO-BREAK SPACE}"
MARKS: Final = re.compile(r"\*\*|`|(?<!\w)\*|\*(?!\w)")
"""Markdown's marks; a backslash before one keeps it."""


def wrapped(paragraph: str, width: int) -> list[str]:
    """Return a paragraph as lines of at most `width` columns; a button's label stays in one piece."""
    hanging = "   " if re.match(r"\d+\. ", paragraph) else "  " if paragraph.startswith(("• ", "> ")) else ""
    lines = textwrap.wrap(paragraph, width, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)
    return [line.replace(NO_BREAK, " ") for line in lines]


def message_lines(content: str, components: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> list[str]:
    """Return a message's text, then its components, each as it would be read; `names` puts words for mentions."""
    lines = [_plain(line, names) for line in content.splitlines()]
    for component in components:
        lines += _component(component, names)
    return lines


def form_lines(modal: Mapping[str, Any], values: Mapping[str, str]) -> list[str]:
    """Return a modal's title, its texts and, for each input, its label and what is filled in."""
    lines = [str(modal["title"])]
    for label in modal["components"]:
        if "component" not in label:
            lines += [_plain(line, {}) for line in str(label.get("content", "")).splitlines()]
            continue
        given = _given(label["component"], values)
        if given:
            lines.append(f"{str(label['label']).rstrip('?.: …')}: {given}")
    return lines


def given_values(modal: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, str | list[str]]:
    """Return what a person sends who leaves everything but `values` as the form had it filled in."""
    given: dict[str, str | list[str]] = {}
    for one in (label["component"] for label in modal["components"] if "component" in label):
        value = values.get(one["custom_id"], _default(one))
        if value:
            given[one["custom_id"]] = [value] if one["type"] == SELECT else value
    return given


def _component(component: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    children: Sequence[Mapping[str, Any]] = component.get("components", ())
    for line in str(component.get("content") or "").splitlines():
        yield _plain(line, names)
    if component["type"] == SELECT:
        yield f"«{_chosen(component)}»"
    elif component["type"] == GALLERY:
        for shown in component["items"]:
            yield f"(A picture: {shown['description']})"
    elif children and all(child["type"] == BUTTON for child in children):
        yield " ".join(f"[{child['label']}]".replace(" ", NO_BREAK) for child in children)
    else:
        inner = [line for child in children for line in _component(child, names)]
        if "accessory" in component:  # the button beside a text
            inner[0] += f"  [{component['accessory']['label']}]"
        yield from inner


def _chosen(select: Mapping[str, Any]) -> str:
    label = _option(select, _default(select))
    placeholder = select.get("placeholder") or ""
    return f"{placeholder}: {label}" if label and placeholder else label or placeholder


def _given(component: Mapping[str, Any], values: Mapping[str, str]) -> str:
    value = values.get(component["custom_id"], _default(component))
    return _option(component, value) or value


def _default(component: Mapping[str, Any]) -> str:
    options = component.get("options", ())
    return next((str(one["value"]) for one in options if one.get("default")), str(component.get("value") or ""))


def _option(component: Mapping[str, Any], value: str) -> str:
    return next((str(one["label"]) for one in component.get("options", ()) if one["value"] == value), "")


def _plain(line: str, names: Mapping[str, str]) -> str:
    for mention, name in names.items():
        line = line.replace(mention, name)
    line = re.sub(r"^(#+|-#) ", "", line)
    return re.sub(r"\\(?=[^\w\s])", "", MARKS.sub("", line))
