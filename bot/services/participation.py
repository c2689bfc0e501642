"""What a participation row says, in words: the same to instructors, to the member, and in the member's parcel."""

from storage.participation import LAST_WEEKS, Participation


def row_words(row: Participation) -> tuple[tuple[str, str], ...]:
    """Return a row as labels and values: that something is there and how much of it, never what."""
    return (
        ("Joined in the week of", f"{row.joined_week.day} {row.joined_week:%B %Y}"),
        ("Focus set", _yes(row.focus)),
        ("Goal set", _yes(row.goal)),
        ("Goal with a plan", _yes(row.plan)),
        ("Checklist items that everybody has, answered", f"{row.must_answered} of {row.must_total}"),
        (f"Active weeks among the last {LAST_WEEKS}", str(row.active_weeks_last4)),
        ("Active weeks so far", str(row.active_weeks_total)),
        ("Paused", _yes(row.paused)),
        ("Notes can be delivered", _yes(row.delivery_ok)),
        ("In the server", _yes(not row.left)),
    )


def _yes(so: bool) -> str:  # noqa: FBT001 - a value to put into words
    return "yes" if so else "no"
