"""Settings, read once from the environment and `.env` into one frozen value. `.env.example` explains each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path

from dotenv import dotenv_values

from bot.coaching.weeks import MAX_JITTER_MINUTES

DEFAULT_DATABASE = "sqlite:///data/coach.db"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOG_FORMATS = ("text", "json")


class ConfigError(Exception):
    """A setting that cannot be used; the message is one sentence for whoever runs the bot, without secrets."""


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting. `nudge_pace` is direct messages per second; the secret ones are left out of its repr."""

    discord_token: str = field(repr=False)
    database_url: str = field(repr=False)
    course_content: Path | None
    log_level: str
    log_format: str
    heartbeat_seconds: int
    nudge_pace: float
    nudge_jitter_minutes: int
    dm_opens_per_minute: int

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

    A missing file is an empty one. Raises ConfigError for a setting out of its range. A missing token is not an error
    here: see `Config.require_token`.
    """
    settings = _filled(_from_file(env_file)) | _filled(environ)
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
    )


def _from_file(env_file: Path | None) -> Mapping[str, str | None]:
    if env_file is None or not env_file.exists():
        return {}
    try:
        # Not interpolated: a password may hold a `$`. The signature is what Windows editors put first.
        return dotenv_values(env_file, interpolate=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        message = f"The settings file {env_file} cannot be read: it has to be a text file (UTF-8) that you may open."
        raise ConfigError(message) from None


def _filled(settings: Mapping[str, str | None]) -> dict[str, str]:
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
