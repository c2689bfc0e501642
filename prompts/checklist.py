"""checklist.toml: the digital footprint's items, their sections, and what each profession's track changes."""

from pathlib import Path

from bot.coaching.footprint import Checklist
from prompts.reading import check_count, inside, known, read_file

_FILE = "checklist.toml"
_ANSWERING = ("focus",)  # the features that answer an item by being used
_STANCES = ("strict", "standard", "open")


def read_checklist(folder: Path | None) -> Checklist:
    """Read the checklist; raises ContentError."""
    checklist = read_file(_FILE, folder, Checklist)
    sections = [section.id for section in checklist.sections]
    items = [item.id for item in checklist.items]
    with inside(_FILE):
        for item in checklist.items:
            with inside(f'item "{item.id}"'):
                known("section", item.section, sections)
                known("feature", item.answered_by or "focus", _ANSWERING)
        for section in sections:
            check_count(f'section "{section}"', [item for item in checklist.items if item.section == section])
        for item_id in (*checklist.quick_start, *checklist.findable):
            known("item", item_id, items)
        for track in checklist.tracks.values():
            with inside(f'track "{track.id}"'):
                known("stance", track.stance, _STANCES)
                for item_id in track.overrides:
                    known("item", item_id, items)
    return checklist
