"""Everything kept of a member, to read and for a program."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.coaching.data_export import CourseData, DataKind, VisibleToStaff, as_json, as_markdown

KIND = DataKind(
    "share",
    "What you share",
    "because you chose to",
    "you and your instructors",
    {
        "enrolment_id": {},
        "item": {"label": "what", "form": "code"},
        "text": {"label": "text"},
        "facts": {"label": "facts", "form": "json"},
        "number": {"label": "number", "why": "to match a list", "seen_by": "nobody"},
        "shared_at": {"label": "since"},
    },
)
AT = datetime(2027, 3, 3, 23, 30, tzinfo=UTC)
LABELS = {("share", "item"): {"goal": "Your goal"}}


def row(**values: Any) -> Mapping[str, Any]:
    return dict.fromkeys(KIND.columns) | values


def course(*rows: Mapping[str, Any]) -> CourseData:
    visible = VisibleToStaff("Nothing.", [("joined", "week\nof May")])
    return CourseData("PLN *1*\n## x", "a to b", "Europe/Berlin", False, visible, [(KIND, rows)])


def markdown(*rows: Mapping[str, Any]) -> str:
    return as_markdown(AT, [], [course(*rows)], LABELS)


def test_rows_read_as_labels_and_words_without_what_is_empty() -> None:
    text = markdown(row(enrolment_id=7, item="goal", shared_at=AT), row(item="not_for_me", text="my_goal\n## x"))
    assert "### What you share (2)\n\nWhy: because you chose to. Who sees it: you and your instructors.\n" in text
    assert "- what: Your goal; since: 2027-03-04 00:30\n- what: not for me; text: my_goal ## x\n" in text
    assert "enrolment" not in text
    assert KIND.title not in markdown()


def test_columns_kept_for_another_reason_say_so() -> None:
    assert "Of these, number: to match a list; seen by nobody.\n" in markdown(row(number=1))


def test_json_columns_list_what_they_hold() -> None:
    facts = '{"term_week": 6, "has_goal": true, "goal_over": false, "recent_rules": ["A11", "A14"], "did": 0}'
    assert "- facts: term week 6, has goal, recent rules A11, A14\n" in markdown(row(facts=facts))
    assert "- facts: nothing\n" in markdown(row(facts="{}"))
    assert "- facts: no JSON\n" in markdown(row(facts="no JSON"))


def test_every_time_is_in_a_named_zone() -> None:
    text = markdown()
    assert "Made on 2027-03-04 at 00:30, Europe/Berlin time." in text
    assert text.count("Times are Europe/Berlin time.") == 2
    assert "Made on 2027-03-03 at 23:30, UTC time." in as_markdown(AT, [], [], {})


def test_nothing_a_person_named_looks_like_a_heading() -> None:
    assert "\n## PLN *1* ## x\n" in markdown()
    assert "\n- joined: week of May\n" in markdown()


def test_json_has_every_column_and_long_ids_as_strings() -> None:
    made = json.loads(
        as_json(AT, [(KIND, [row(enrolment_id=2**60 + 1, text="ö", number=3, shared_at=AT)])], [course()])
    )
    (kept,) = made["account"]["share"]["rows"]
    assert kept == row(enrolment_id=str(2**60 + 1), text="ö", number=3, shared_at="2027-03-03T23:30:00+00:00")
    assert made["courses"][0]["seen_by_instructors"] == {"what": "Nothing.", "joined": "week\nof May"}
