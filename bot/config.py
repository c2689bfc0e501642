"""Settings, read once from the environment and `.env` into one frozen value. `.env.example` explains each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from urllib.parse import urlsplit

from dotenv.parser import parse_stream

from bot.coaching.weeks import MAX_JITTER_MINUTES

DEFAULT_DATABASE = "sqlite:///data/coach.db"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOG_FORMATS = ("text", "json")
LONGEST_MODEL = 100
LONGEST_HOST = 255
LONGEST_NOTE = 200
SHORTEST_KEY = 32
FEWEST_TOKENS, MOST_TOKENS = 20_000, 100_000_000
"""What may be set as a day's cap: with less than the first, not one text could be looked at."""
NAMES = (
    "DISCORD_TOKEN",
    "DISCORD_PROXY",
    "DISCORD_API_BASE",
    "DATABASE_URL",
    "COURSE_CONTENT",
    "LOG_LEVEL",
    "LOG_FORMAT",
    "HEARTBEAT_SECONDS",
    "NUDGE_PACE",
    "NUDGE_JITTER_MINUTES",
    "DM_OPENS_PER_MINUTE",
    "LLM_MODEL",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "LLM_HOST_NOTE",
    "LLM_DEADLINE_SECONDS",
    "LLM_TEMPERATURE",
    "LLM_REASONING_EFFORT",
    "LLM_TOKENS_PER_COURSE",
    "LLM_TOKENS_PER_DAY",
    "ERASURE_RECORD",
    "ERASURE_KEY",
)
"""Every setting, in the order of `.env.example`."""
TYPO = 2
"""A name in `.env` that is so many letters or fewer from one of ours is taken for a slip."""


class StartupError(Exception):
    """A command cannot do what it is for; the message says in one sentence, without secrets, what to mend."""


class NotYet(StartupError):
    """A server that is needed does not answer, and may later: a supervisor can start the command again."""


class ConfigError(StartupError):
    """A setting that cannot be used; the message names it."""


@dataclass(frozen=True, slots=True)
class LlmConfig:
    """The AI reviewer of bios and first messages. Key and address are left out of its repr.

    Attributes:
        base_url: None for OpenAI's own address.
        temperature: sent only when set, and so is `reasoning_effort`.
        host_note: who runs the server and where; members read it before they agree.
        tokens_per_course: a day, UTC's.
        tokens_per_day: of all courses together.
    """

    model: str = ""
    api_key: str | None = field(default=None, repr=False)
    base_url: str | None = field(default=None, repr=False)
    deadline_seconds: float = 60
    temperature: float | None = None
    reasoning_effort: str | None = None
    host_note: str | None = None
    tokens_per_course: int = 200_000
    tokens_per_day: int = 500_000

    @property
    def on(self) -> bool:
        """Return whether there is an AI reviewer: a model, and a key or an address to ask it at."""
        return bool(self.model) and (self.api_key is not None or self.base_url is not None)

    @property
    def host(self) -> str:
        """The host that gets the texts."""
        return "api.openai.com" if self.base_url is None else urlsplit(self.base_url).hostname or ""


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting. `nudge_pace` is direct messages per second; the secret ones are left out of its repr.

    `erasure_record` None: beside the database. `erasure_key` None: in a file beside that. `discord_proxy` may have a
    user name and a password in it.
    """

    discord_token: str = field(repr=False)
    database_url: str = field(repr=False)
    course_content: Path | None
    log_level: str
    log_format: str
    heartbeat_seconds: int
    nudge_pace: float
    nudge_jitter_minutes: int
    dm_opens_per_minute: int
    llm: LlmConfig = field(default_factory=LlmConfig)
    erasure_record: Path | None = None
    erasure_key: str | None = field(default=None, repr=False)
    discord_proxy: str | None = field(default=None, repr=False)
    discord_api_base: str | None = None

    def require_token(self) -> str:
        """Return the bot's token; raises ConfigError when there is none, or when it cannot be one."""
        if not self.discord_token:
            message = (
                "DISCORD_TOKEN is not set: copy .env.example to .env and put your bot's token there "
                "(https://discord.com/developers/applications, your application, Bot, Reset Token). "
                "To try the bot without a token, run `make demo`, which needs none."
            )
            raise ConfigError(message)
        if not self.discord_token.isascii() or len(self.discord_token.split()) != 1:
            message = (
                "DISCORD_TOKEN is not a bot token: it is one word without spaces, from "
                "https://discord.com/developers/applications, your application, Bot, Reset Token. "
                "To try the bot without a token, run `make demo`, which needs none."
            )
            raise ConfigError(message)
        return self.discord_token


def read_config(environ: Mapping[str, str], env_file: Path | None) -> Config:
    """Return the settings; the environment wins over `env_file`, and an empty value counts as unset.

    A missing file is an empty one. Raises ConfigError for a setting out of its range, and for a line of the file that
    says nothing or almost names a setting. A missing token is not an error here: see `Config.require_token`.
    """
    in_file, _ = read_env_file(env_file)
    return _config(_filled(in_file) | _filled(environ))


def problems(environ: Mapping[str, str], env_file: Path | None) -> tuple[str, ...]:
    """Return what `read_config` would refuse, all of it at once: a sentence each."""
    try:
        in_file, _ = read_env_file(env_file)
    except ConfigError as error:
        return (str(error),)
    settings = _filled(in_file) | _filled(environ)
    found: list[str] = []
    while True:
        try:
            _config(settings)
        except ConfigError as error:
            found.append(str(error))
            del settings[str(error).split()[0]]
        else:
            return tuple(found)


def read_env_file(env_file: Path | None) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Return what a settings file sets, and the names in it that are not ours; a missing file is an empty one.

    Raises ConfigError, with the line's number, for a line that cannot be read and for a name that is almost ours: a
    setting that is not understood would otherwise quietly have its default.
    """
    if env_file is None or not env_file.exists():
        return {}, ()
    settings: dict[str, str] = {}
    unknown: list[str] = []
    for line, name, value in _lines(env_file):
        if name is None or value is None or any(sign in name for sign in "$: "):
            raise ConfigError(
                f"Line {line} of {env_file} cannot be read: a setting is NAME=value, without a colon, a `$` or a `set` "
                "before it, and a quotation mark that begins a value also ends it."
            )
        meant = next((known for known in NAMES if _slip(name, known)), None)
        if meant is not None:
            raise ConfigError(f"Line {line} of {env_file} sets {name}, which is no setting. Did you mean {meant}?")
        settings[name] = value
        unknown += [name] if name not in NAMES and name not in unknown else []
    return settings, tuple(unknown)


def _lines(env_file: Path) -> Iterator[tuple[int, str | None, str | None]]:
    """Yield the number, name and value of each line that sets something; no name where it cannot be read."""
    try:
        # The signature is what Windows editors put first.
        with env_file.open(encoding="utf-8-sig") as opened:
            # Not interpolated: a password may hold a `$`.
            bindings = list(parse_stream(opened))
    except (OSError, UnicodeDecodeError):
        message = f"The settings file {env_file} cannot be read: it has to be a text file (UTF-8) that you may open."
        raise ConfigError(message) from None
    for one in bindings:
        if one.error or one.key is not None:
            text = one.original.string
            # The empty lines before it belong to it.
            yield one.original.line + text[: len(text) - len(text.lstrip())].count("\n"), one.key, one.value


def _slip(name: str, known: str) -> bool:
    """Return whether a name is none of ours, and this one but for a slip of the finger or its capitals."""
    # A second token or model of another program, such as DISCORD_TOKEN_2, is no slip.
    numbered = name.rstrip("0123456789").rstrip("_") in NAMES and name[-1].isdigit()
    return name not in NAMES and not numbered and _distance(name.upper(), known) <= TYPO


def _distance(a: str, b: str) -> int:
    """Return how many letters have to be added, left out or changed to get from one word to the other (Levenshtein)."""
    row = list(range(len(b) + 1))
    for i, one in enumerate(a, 1):
        above, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (one != other))
    return row[-1]


def _config(settings: Mapping[str, str]) -> Config:
    return Config(
        discord_token=settings.get("DISCORD_TOKEN", ""),
        database_url=settings.get("DATABASE_URL", DEFAULT_DATABASE),
        course_content=_folder(settings, "COURSE_CONTENT"),
        log_level=_choice(settings, "LOG_LEVEL", LOG_LEVELS, "INFO"),
        log_format=_choice(settings, "LOG_FORMAT", LOG_FORMATS, "text"),
        heartbeat_seconds=_whole(settings, "HEARTBEAT_SECONDS", 30, 1, 60),
        nudge_pace=_number(settings, "NUDGE_PACE", 5, 0.1, 45),
        nudge_jitter_minutes=_whole(settings, "NUDGE_JITTER_MINUTES", 20, 0, MAX_JITTER_MINUTES),
        dm_opens_per_minute=_whole(settings, "DM_OPENS_PER_MINUTE", 5, 1, 60),
        llm=_llm(settings),
        erasure_record=_file(settings, "ERASURE_RECORD"),
        erasure_key=_long_key(settings, "ERASURE_KEY"),
        discord_proxy=_proxy(settings, "DISCORD_PROXY"),
        discord_api_base=_api_base(settings, "DISCORD_API_BASE"),
    )


def _llm(settings: Mapping[str, str]) -> LlmConfig:
    return LlmConfig(
        model=_model(settings, "LLM_MODEL"),
        api_key=_key(settings, "OPENAI_API_KEY"),
        base_url=_address(settings, "OPENAI_BASE_URL"),
        deadline_seconds=_number(settings, "LLM_DEADLINE_SECONDS", 60, 1, 120),
        temperature=_number(settings, "LLM_TEMPERATURE", 0, 0, 2) if "LLM_TEMPERATURE" in settings else None,
        reasoning_effort=_effort(settings, "LLM_REASONING_EFFORT"),
        host_note=_note(settings, "LLM_HOST_NOTE"),
        tokens_per_course=_whole(settings, "LLM_TOKENS_PER_COURSE", 200_000, FEWEST_TOKENS, MOST_TOKENS),
        tokens_per_day=_whole(settings, "LLM_TOKENS_PER_DAY", 500_000, FEWEST_TOKENS, MOST_TOKENS),
    )


def _filled(settings: Mapping[str, str]) -> dict[str, str]:
    return {name: value.strip() for name, value in settings.items() if value and value.strip()}


def _choice(settings: Mapping[str, str], name: str, choices: tuple[str, ...], default: str) -> str:
    value = settings.get(name, default)
    for choice in choices:
        if choice.casefold() == value.casefold():
            return choice
    message = f"{name} has to be one of {', '.join(choices)}; it is {value!r}."
    raise ConfigError(message)


def _number(settings: Mapping[str, str], name: str, default: float, low: float, high: float) -> float:
    value = settings.get(name, str(default))
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not isfinite(number) or not low <= number <= high:
        message = f"{name} has to be a number from {low:g} to {high:g}; it is {value!r}."
        raise ConfigError(message)
    return number


def _whole(settings: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    value = settings.get(name, str(default))
    if not (value.isascii() and value.isdigit()) or len(value) > 9 or not low <= int(value) <= high:
        message = f"{name} has to be a whole number from {low} to {high}; it is {value!r}."
        raise ConfigError(message)
    return int(value)


def _folder(settings: Mapping[str, str], name: str) -> Path | None:
    if name not in settings:
        return None
    folder = Path(settings[name]).expanduser()
    if not folder.is_dir():
        message = f"{name} has to name a folder that exists; there is none at {str(folder)!r}."
        raise ConfigError(message)
    return folder


def _file(settings: Mapping[str, str], name: str) -> Path | None:
    if name not in settings:
        return None
    file = Path(settings[name]).expanduser()
    if file.is_dir():
        message = f"{name} has to name a file; {str(file)!r} is a folder."
        raise ConfigError(message)
    return file


def _long_key(settings: Mapping[str, str], name: str) -> str | None:
    key = settings.get(name)
    if key is not None and len(key) < SHORTEST_KEY:
        message = f"{name} has to have {SHORTEST_KEY} characters or more, by chance: a short one can be guessed."
        raise ConfigError(message)
    return key


def _model(settings: Mapping[str, str], name: str) -> str:
    model = settings.get(name, "")
    if len(model) > LONGEST_MODEL or not model.isprintable():
        message = f"{name} has to be the name of a model, at most {LONGEST_MODEL} characters; it has {len(model)}."
        raise ConfigError(message)
    return model


def _effort(settings: Mapping[str, str], name: str) -> str | None:
    """Return the word; each maker has its own, so only its form is checked."""
    effort = settings.get(name)
    if effort is not None and not (effort.isascii() and effort.isalpha() and len(effort) <= 20):
        message = f"{name} has to be one word such as low, medium or high; it is {effort!r}."
        raise ConfigError(message)
    return effort and effort.lower()


def _note(settings: Mapping[str, str], name: str) -> str | None:
    note = settings.get(name)
    if note is not None and (len(note) > LONGEST_NOTE or not note.isprintable()):
        message = f"{name} has to be one line of at most {LONGEST_NOTE} characters; it has {len(note)}."
        raise ConfigError(message)
    return note


def _key(settings: Mapping[str, str], name: str) -> str | None:
    key = settings.get(name)
    if key is not None and not (key.isascii() and key.isprintable() and len(key.split()) == 1):
        message = (
            f"{name} has to be one word without spaces, copied from whoever gave you the key; leave it empty if none."
        )
        raise ConfigError(message)
    return key


def _address(settings: Mapping[str, str], name: str) -> str | None:
    """Return the address; one with a name or a password in it is refused, because members are told where texts go."""
    address = settings.get(name)
    if address is not None and not _is_plain_address(address):
        message = (
            f"{name} has to be an address such as http://localhost:8080/v1, without a user name, a password or a "
            "question mark in it; a key belongs in OPENAI_API_KEY."
        )
        raise ConfigError(message)
    return address


def _proxy(settings: Mapping[str, str], name: str) -> str | None:
    """Return the address of a proxy; its password is a secret, and the refusal does not show it."""
    address = settings.get(name)
    if address is not None:
        try:
            parts = urlsplit(address)
            usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            usable = False
        if not usable:
            raise ConfigError(f"{name} has to be the address of an HTTP proxy, such as http://proxy.example:3128.")
    return address


def _api_base(settings: Mapping[str, str], name: str) -> str | None:
    address = settings.get(name)
    if address is not None and not _is_plain_address(address):
        raise ConfigError(f"{name} has to be an address such as http://localhost:8080/api/v10; it is {address!r}.")
    return address and address.rstrip("/")


def _is_plain_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    bare = "@" not in parts.netloc and not parts.query and not parts.fragment
    plain = address.isascii() and address.isprintable() and " " not in address
    return parts.scheme in {"http", "https"} and bool(host) and len(host or "") <= LONGEST_HOST and bare and plain
