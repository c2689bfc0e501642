"""The invented class of the demo and the simulation: who they are, and what they do on which day of the term."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Final

from bot.coaching.focus import FocusDraft
from bot.coaching.goals import GoalDraft, Obstacle
from bot.coaching.log import ActionDraft, Outcome
from bot.coaching.network import AlertKind, Category, ContactDraft, SpaceKind, Stage, Where
from bot.coaching.opportunities import Move, OpportunityDraft, OpportunityKind, Source
from bot.demo.member import Deed
from bot.services.feedback import How
from bot.services.network import AlertDraft, SpaceDraft
from bot.services.nudges import SettingsChange


@dataclass(frozen=True, slots=True, eq=False)
class Student:
    """A student and their term; days are counted from its first day, which is 0.

    Attributes:
        logs: How many actions they log in each week of the term, one digit a week.
        items: How many checklist items they answer in each week, in the same way.
        days: What else they do on which day.
        presses_done: Whether they press *Done* under each weekly note.
        closed: Whether their direct messages are closed.
        seen_as: How the page calls them; None for those whom nobody plays.
        line: What they hand in where a weekly step asks for a line.
    """

    name: str
    joins: int
    focus: FocusDraft | None = None
    goal: GoalDraft | None = None
    logs: str = ""
    items: str = ""
    days: Mapping[int, Sequence[Deed]] = field(default_factory=dict[int, Sequence[Deed]])
    presses_done: bool = False
    closed: bool = False
    seen_as: str | None = None
    line: str = ""


def _person(
    nickname: str,
    category: Category,
    where: Where = Where.REMOTE,
    shares: str | None = None,
    stage: Stage = Stage.SPOTTED,
) -> ContactDraft:
    return ContactDraft(nickname, category, stage, where, shares)


def _with(
    nickname: str, kind: str, minutes: int | None = None, outcome: Outcome | None = None, note: str | None = None
) -> tuple[str, ActionDraft]:
    return nickname, ActionDraft(kind, note, minutes, outcome)


AMARA: Final = Student(
    "Amara Osei",
    0,
    FocusDraft(
        "community nursing, patient education",
        "Ward managers near me, so that I hear of a first job",
        "advice",
        "health",
        "building",
    ),
    GoalDraft(
        "connect",
        "Have two exchanges a week with people who nurse",
        2,
        "If it is Tuesday after my skills lab, then I will reply to one nurse educator's post with a question.",
        8,
        "Two people tell me what a first year is really like",
        Obstacle.NERVES,
        "If I feel nervous before I send it, then I will send it to one kind person first.",
        "Read one post and note one line",
        30,
    ),
    logs="11011",
    items="43211",
    days={
        2: [_person("skills-lab tutor", Category.EDUCATOR, Where.LOCAL, "Wound care, done gently", Stage.CONVERSED)],
        3: [_person("night-shift Ana", Category.PRACTITIONER, Where.LOCAL, "Both care about sleep")],
        4: [_with("night-shift Ana", "reply", 10, Outcome.REPLY, "Asked how she keeps a ward quiet at night")],
        5: [_person("two-years-up Kofi", Category.NEAR_PEER, Where.LOCAL, "Same school")],
        6: [_person("the alum abroad", Category.ALUM), _with("the alum abroad", "invite")],
        7: [
            SpaceDraft("Journal club of the district team", SpaceKind.IN_PERSON, "First Thursday of the month"),
            AlertDraft(AlertKind.INTERNSHIP, "community nursing", "summer placement", "Bristol"),
        ],
        8: [_with("two-years-up Kofi", "reply", 10, Outcome.NOTHING_YET)],
        9: [_person("falls-paper author", Category.EXPERT, shares="Falls at home")],
        10: [
            SpaceDraft("Evening chat for new nurses", SpaceKind.CHAT, "Wednesdays at 20:00"),
            OpportunityDraft("Weekend assistant, the care home", OpportunityKind.JOB, Source.POSTING),
        ],
        11: [("Weekend assistant, the care home", Move.SENT)],
        12: [
            _with("night-shift Ana", "interview", 20, Outcome.ADVICE, "Her first year: ask for the slow rota"),
            OpportunityDraft("Poster session of the school", OpportunityKind.PROJECT, Source.WORD_OF_MOUTH),
        ],
        13: [_with("night-shift Ana", "thank", 5)],
        14: [("Poster session of the school", Move.PASSED_ON)],
        15: [_with("two-years-up Kofi", "talk", 15, Outcome.REPLY, "How he chose his first post")],
        17: [
            _with("the alum abroad", "follow_up", None, Outcome.NOTHING_YET),
            OpportunityDraft("Volunteers for the health fair", OpportunityKind.EVENT, Source.ALERT),
        ],
        18: [
            _person("health-fair recruiter", Category.RECRUITER, Where.LOCAL),
            _with("health-fair recruiter", "talk", 10, Outcome.REPLY, "They hire in January"),
        ],
        20: [("Weekend assistant, the care home", Move.NO)],
        21: [("Weekend assistant, the care home", Move.THANKED)],
        22: [_with("falls-paper author", "reply", 10, Outcome.NOTHING_YET, "Asked about stairs")],
        24: [
            OpportunityDraft(
                "Summer placement, the clinic by the river",
                OpportunityKind.INTERNSHIP,
                Source.CONTACT,
                date(2026, 10, 25),
            )
        ],
        25: [("Volunteers for the health fair", Move.SENT)],
        26: [("Summer placement, the clinic by the river", Move.PREPARING)],
        33: [_with("two-years-up Kofi", "interview", 25, Outcome.MEETING, "Coffee after his shift")],
    },
    presses_done=True,
    seen_as="member",
    line="Nurses on a night-shift forum swap handover lists; a question with a real case gets an answer.",
)
BEN: Final = Student(
    "Ben Whitlock",
    0,
    FocusDraft("sports physiotherapy", "Clinics that take students for a season", "work", "health", "exploring"),
    GoalDraft(
        "learn",
        "Collect two ideas a week from people who treat runners",
        2,
        "If I have my Monday coffee, then I will read one post and note one line about it.",
        8,
        "I know three ways to treat one knee",
        Obstacle.TIME,
        tiny="Read one post to its end",
    ),
    logs="221",
    items="32",
    days={
        4: [_person("running-club physio", Category.PRACTITIONER, Where.LOCAL)],
        29: [SettingsChange(hour=17)],
    },
    seen_as="member, quiet lately",
)
CHIARA: Final = Student(
    "Chiara Romano",
    1,
    FocusDraft(
        "primary teaching, reading", "Teachers who try things and talk about it", "community", "education", "building"
    ),
    GoalDraft(
        "contribute",
        "Test one classroom idea a week and tell its author how it went",
        2,
        "If I finish Thursday's seminar, then I will save one idea with a note and thank its author.",
        4,
        "One author knows that the idea works with six-year-olds",
        Obstacle.PHONE,
        "If the timer rings at 20 minutes, then I will close the app and plan the lesson.",
        box_minutes=45,
    ),
    logs="122222122122",
    items="222222111111",
    days={
        5: [_person("the reading-corner blog", Category.EXPERT, shares="Early reading")],
        9: [_with("the reading-corner blog", "credit", 5, None, "Shared the corner idea, with a photo of my sketch")],
        16: [_with("the reading-corner blog", "reply", 10, Outcome.REPLY, "Told them how the corner went")],
    },
    presses_done=True,
    seen_as="member, goal is over",
    line="A museum newsletter has a page of letters where curators answer each other.",
)
DEWI: Final = Student(
    "Dewi Putri",
    1,
    FocusDraft("marine biology", "Field stations that need a pair of hands in summer", season="exploring"),
    logs="01001",
    items="21011",
    days={19: [(How.UNSIGNED, "Is it fine to do this in a second language? I write slowly, and I reread a lot.")]},
    seen_as="member, no goal yet",
    line="Two field stations post their weekly counts, and students ask how they were made.",
)
ESRA: Final = Student(
    "Esra Demir",
    2,
    FocusDraft("structural engineering", "Engineers who design bridges", "work", "engineering", "searching"),
    GoalDraft(
        "opportunity",
        "Talk to two working engineers this term about how they started",
        1,
        "If it is Sunday at 17:00, then I will send one short request to an alum and log it.",
        8,
        "One of them tells me when their team looks for somebody",
        Obstacle.NOT_READY,
        "If a week passes with no answer, then I will send one friendly second note, then choose the next person.",
    ),
    logs="110110101011",
    items="31",
    days={
        3: [_person("bridge-office alum", Category.ALUM, shares="Same professor")],
        6: [_with("bridge-office alum", "invite", None, Outcome.REPLY)],
        9: [AlertDraft(AlertKind.JOB, "structural engineering", "graduate")],
        11: [_person("site-visit engineer", Category.PRACTITIONER, Where.LOCAL)],
        12: [_with("site-visit engineer", "ask", None, Outcome.REPLY)],
        16: [OpportunityDraft("Graduate role, the bridge office", OpportunityKind.JOB, Source.CONTACT)],
        17: [("Graduate role, the bridge office", Move.PREPARING)],
        19: [_with("bridge-office alum", "interview", 20, Outcome.MEETING, "How a small office hires")],
        20: [_with("bridge-office alum", "thank", 5)],
        24: [("Graduate role, the bridge office", Move.SENT)],
        30: [
            OpportunityDraft("Open day, the harbour works", OpportunityKind.EVENT, Source.ALERT, date(2026, 10, 30)),
        ],
    },
    seen_as="member, searching",
    line="Bridge engineers meet on first Thursdays; students may sit in and ask at the end.",
)
FARID: Final = Student(
    "Farid Haddad",
    2,
    FocusDraft("family law", "Advice centres that train volunteers", "community", "regulated", "building"),
    GoalDraft(
        "connect",
        "Ask one general question a week among people who do this work",
        1,
        "If I finish my Wednesday reading, then I will ask one general question in a student section.",
        6,
        obstacle=Obstacle.WORDS,
    ),
    logs="01111",
    items="2211",
    days={32: ["rest the goal", SettingsChange(pause_weeks=2)]},
    seen_as="member, on a pause",
)
GWEN: Final = Student(
    "Gwen Morris",
    3,
    FocusDraft("museum work", "Small museums near the coast", "news", season="exploring"),
    GoalDraft(
        "learn",
        "Follow how three small museums talk with their visitors",
        1,
        "If I am on the train on Friday, then I will read one museum's posts and note one line.",
        6,
    ),
    logs="01101",
    items="20011",
    days={12: [SpaceDraft("Evening of the county museums", SpaceKind.EVENT, "Every second month")]},
    closed=True,
    seen_as="member, closed messages",
)
HIRO: Final = Student(
    "Hiro Tanaka",
    3,
    FocusDraft("type design", "Studios that publish their sketches", "community", "creative", "building"),
    GoalDraft(
        "visible",
        "Show one work in progress a week",
        1,
        "If I export a draft on Friday, then I will post one frame with a question.",
        8,
        obstacle=Obstacle.NOT_READY,
    ),
    logs="111111111111",
    items="44444444",
    days={
        10: [SettingsChange(day=3, hour=9)],
        26: [(How.SIGNED, "Could we look at one good first message together? I never know how to begin.")],
    },
    presses_done=True,
)
INES: Final = Student(
    "Ines Carvalho",
    7,
    FocusDraft("public health, data", "Teams that publish how they count", "advice", "computing", "low_profile"),
    GoalDraft(
        "contribute",
        "Give one useful answer a week in a forum of my field",
        1,
        "If it is Wednesday at 18:00, then I will answer one beginner's question.",
        6,
        tiny="Improve one sentence of a help page",
    ),
    logs="011101110111",
    items="0321001",
    days={31: [(How.UNSIGNED, "Some of us would rather not be found. It helps that this is left to us.")]},
    seen_as="member, low profile",
    line="The open hour of the public health lab is on Wednesdays, and hardly anybody comes.",
)
JOEL: Final = Student("Joel Nyström", 8, logs="000001001", items="01", days={23: [SettingsChange(on=False)]})
KWAME: Final = Student(
    "Kwame Boateng",
    21,
    FocusDraft("sound design", "Makers of radio plays"),
    logs="000011010101",
    items="00021011",
    days={33: [(How.CONTACT, "I came to the course late and would like to talk about where to begin.")]},
)
NAMED: Final = (AMARA, BEN, CHIARA, DEWI, ESRA, FARID, GWEN, HIRO, INES, JOEL, KWAME)
"""The students with a story of their own; most of them can be played."""

TEMPLATES: Final[Mapping[str, GoalDraft]] = MappingProxyType(
    {
        goal.type: goal
        for goal in (
            GoalDraft(
                "connect",
                "Ask one question a week among people who do this work",
                1,
                "If it is Tuesday after lunch, then I will ask one question under a post of my field.",
                8,
            ),
            GoalDraft(
                "learn",
                "Keep two ideas a week from people who know more",
                2,
                "If I sit on the bus home on Thursday, then I will read one post and note one line.",
                8,
            ),
            GoalDraft(
                "visible",
                "Show one thing I made each week",
                1,
                "If I finish a draft on Friday, then I will post one picture with a question.",
                8,
            ),
            GoalDraft(
                "opportunity",
                "Write to one place a week where I could learn",
                1,
                "If it is Sunday at five, then I will send one short request and log it.",
                8,
            ),
            GoalDraft(
                "contribute",
                "Give one useful answer or thank-you each week",
                1,
                "If it is Wednesday after class, then I will answer one beginner's question.",
                6,
            ),
        )
    }
)
"""A goal of each type, for those without one in their own words."""
TIME, NERVES, NOT_READY = Obstacle.TIME, Obstacle.NERVES, Obstacle.NOT_READY


def _classmate(row: tuple[str, int, str, str, str, Obstacle | None, str, str]) -> Student:
    name, joins, field, purpose, goal, obstacle, logs, items = row
    focus = FocusDraft(field, purpose or None, season="exploring") if field else None
    return Student(name, joins, focus, replace(TEMPLATES[goal], obstacle=obstacle) if goal else None, logs, items)


# fmt: off
OTHERS: Final = tuple(map(_classmate, (
    ("Lucia Fernandez", 0, "speech therapy", "Clinics that take trainees", "connect", NERVES, "101101101101", "21011"),
    ("Mateo Silva", 0, "urban planning", "Offices that plan for cyclists", "learn", TIME, "110100100100", "3001"),
    ("Nadia Rahman", 0, "microbiology", "Labs with a summer project", "connect", NERVES, "011110110110", "12101"),
    ("Oskar Lind", 1, "carpentry, restoration", "Workshops near Malmö", "visible", TIME, "100100010010", "21"),
    ("Priya Nair", 1, "machine learning", "Teams who share code", "visible", NOT_READY, "111111111111", "22211"),
    ("Quentin Dubois", 1, "translation", "Agencies for subtitles", "opportunity", NERVES, "010001000100", "2"),
    ("Rosa Mbeki", 1, "midwifery", "Midwives who run home visits", "connect", TIME, "101011010101", "31010"),
    ("Sami Virtanen", 2, "forestry", "Rangers who restore bogs", "learn", TIME, "111000111000", "2101"),
    ("Tomasz Zielinski", 2, "logistics", "Ports that train graduates", "opportunity", TIME, "010100101010", "12"),
    ("Uma Krishnan", 2, "nutrition", "School kitchens", "connect", NERVES, "110110110110", "20111"),
    ("Viktor Petrov", 2, "accounting", "", "", None, "1", "11"),
    ("Wanjiru Kamau", 3, "water engineering", "Utilities", "opportunity", NOT_READY, "011101110111", "32001"),
    ("Xin Chen", 3, "interaction design", "A first portfolio review", "visible", NOT_READY, "101101101101", "13011"),
    ("Yusuf Aydin", 3, "journalism", "Local newsrooms", "connect", TIME, "110001100011", "2"),
    ("Zoe Papadaki", 4, "archaeology", "Digs that take beginners", "learn", NOT_READY, "010101010101", "1101"),
    ("Lars Berg", 4, "social work", "Youth centres", "", None, "001", "2"),
    ("Maya Levi", 4, "", "", "", None, "", "1"),
)))
"""The others: nobody plays them, so a line each says who they are and how busy their weeks were."""
# fmt: on
CLASS: Final = (*NAMED, *OTHERS)
