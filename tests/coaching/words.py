"""A vocabulary with the ids of the method, for rules that need one: what the words say is tested with the content."""

from bot.coaching.goals import Direction, GoalType, Kind, Obstacle, ObstacleWords, Template, Vocabulary

DIRECTIONS = {
    "note": Direction.LISTEN,
    "follow": Direction.LISTEN,
    "alert": Direction.LISTEN,
    "reply": Direction.WITH,
    "ask": Direction.WITH,
    "chat": Direction.WITH,
    "talk": Direction.WITH,
    "interview": Direction.WITH,
    "credit": Direction.GIVE,
    "answer": Direction.GIVE,
    "introduce": Direction.GIVE,
    "thank": Direction.GIVE,
    "post_work": Direction.AT,
    "profile": Direction.AT,
    "share_link": Direction.AT,
    "invite": Direction.ASK,
    "apply": Direction.ASK,
    "follow_up": Direction.ASK,
}
"""The kinds of the log and whom they are turned to (method, section 3)."""

_COUNTED = {
    "learn": ("note", "follow"),
    "connect": ("reply", "ask", "chat", "talk"),
    "contribute": ("credit", "answer", "introduce", "thank"),
    "visible": ("post_work", "profile"),
    "opportunity": ("invite", "interview", "apply", "follow_up", "alert"),
}
_MOST = {"learn": 5, "connect": 5, "contribute": 5, "visible": 2, "opportunity": 3}

PLAN = "If it is {day}, then I will reply to someone in {field}."
VERBS = frozenset({"answer", "ask", "close", "comment", "delete", "improve", "post", "read", "reply", "save", "send"})

VOCABULARY = Vocabulary(
    types={
        name: GoalType(
            name, f"The {name} goal", "Learning", "do", kinds, "steps", 1, _MOST[name], "Something came of it", PLAN
        )
        for name, kinds in _COUNTED.items()
    },
    kinds={name: Kind(name, f"Did {name}", direction, 10) for name, direction in DIRECTIONS.items()},
    templates={
        "health": Template(
            id="health",
            label="Nursing and health",
            focus="community nursing",
            goal="Have one exchange a week",
            type="connect",
            target=1,
            weeks=6,
            spaces=("journal clubs",),
            who=("practitioner",),
            if_then="If it is Tuesday, then I will reply to one post.",
            rule="Strict",
            ties="Close ties",
        )
    },
    obstacles={one: ObstacleWords(one.value, "If it comes up, then I will ask one question.") for one in Obstacle},
    verbs=VERBS,
)
