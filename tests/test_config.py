"""Settings: what is read, what wins, and that no secret is ever shown."""

from pathlib import Path

import pytest

from bot.config import NAMES, Config, ConfigError, LlmConfig, problems, read_config, read_env_file

SECRET = "hunter2-never-show-me"


def config(**environ: str) -> Config:
    return read_config(environ, None)


def test_every_setting_has_a_default_so_that_an_empty_environment_starts() -> None:
    assert config() == Config(
        discord_token="",
        database_url="sqlite:///data/coach.db",
        course_content=None,
        log_level="INFO",
        log_format="text",
        heartbeat_seconds=30,
        nudge_pace=5,
        nudge_jitter_minutes=20,
        dm_opens_per_minute=5,
        llm=LlmConfig(
            model="",
            api_key=None,
            base_url=None,
            deadline_seconds=60,
            temperature=None,
            reasoning_effort=None,
            host_note=None,
            tokens_per_course=200_000,
            tokens_per_day=500_000,
        ),
    )


def test_the_example_file_sets_exactly_the_defaults() -> None:
    assert read_config({}, Path(__file__).parents[1] / ".env.example") == config()


def test_the_example_file_names_every_setting_in_order() -> None:
    in_file, unknown = read_env_file(Path(__file__).parents[1] / ".env.example")
    assert (tuple(in_file), unknown) == (NAMES, ())


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("NUDGE_PACE: 7\n", 1, "NAME=value"),
        ("# a remark\n\n$env:NUDGE_PACE=7\n", 3, "NAME=value"),
        ("LOG_LEVEL=INFO\n\n\nset NUDGE_PACE=7\n", 4, "NAME=value"),
        ('  NUDGE_PACE=7\nLLM_MODEL="one\nLOG_LEVEL=INFO\n', 2, "quotation mark"),
        ("DISCORD_TOKEN\n", 1, "NAME=value"),
        ("OTHER=1\n  DATABSE_URL=sqlite:///x.db\n", 2, "Did you mean DATABASE_URL?"),
        ("discord_token=x\n", 1, "Did you mean DISCORD_TOKEN?"),
        ("NUDGE_PACES=7\n", 1, "Did you mean NUDGE_PACE?"),
    ],
)
def test_line_that_sets_nothing_is_refused_with_its_number(tmp_path: Path, text: str, line: int, words: str) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(text)
    with pytest.raises(ConfigError) as refused:
        read_config({}, env_file)
    assert str(refused.value).startswith(f"Line {line} of {env_file} ")
    assert words in str(refused.value)


def test_names_of_other_programs_are_only_mentioned(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("POSTGRES_PASSWORD=hunter2\nexport NUDGE_PACE=7\nDISCORD_TOKEN_2=x\nLLM_MODEL2=y\n")
    in_file, unknown = read_env_file(env_file)
    assert (in_file["NUDGE_PACE"], unknown) == ("7", ("POSTGRES_PASSWORD", "DISCORD_TOKEN_2", "LLM_MODEL2"))


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    assert problems({}, None) == ()
    said = problems({"NUDGE_PACE": "fast", "LOG_LEVEL": "loud", "HEARTBEAT_SECONDS": "5"}, None)
    assert [one.split()[0] for one in said] == ["LOG_LEVEL", "NUDGE_PACE"]
    (tmp_path / ".env").write_text("LOG_LEVEL: loud\n")
    assert [one.split()[:2] for one in problems({}, tmp_path / ".env")] == [["Line", "1"]]


def test_proxy_is_an_http_address_and_its_password_is_not_shown() -> None:
    address = f"http://me:{SECRET}@proxy.example:3128"
    assert config(DISCORD_PROXY=address).discord_proxy == address
    assert SECRET not in repr(config(DISCORD_PROXY=address))
    for wrong in (f"socks5://me:{SECRET}@proxy.example", f"{SECRET}:80", f"http://x:{SECRET}"):
        with pytest.raises(ConfigError, match="DISCORD_PROXY has to be the address") as refused:
            config(DISCORD_PROXY=wrong)
        assert SECRET not in str(refused.value)


def test_api_base_is_a_plain_address() -> None:
    assert config(DISCORD_API_BASE="http://localhost:8080/api/v10/").discord_api_base == "http://localhost:8080/api/v10"
    with pytest.raises(ConfigError, match="DISCORD_API_BASE has to be an address"):
        config(DISCORD_API_BASE="localhost:8080")


def test_the_environment_wins_over_the_file_and_empty_counts_as_unset(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text('NUDGE_PACE=7\nLOG_LEVEL=debug\nDATABASE_URL="sqlite:///a$b.db"\nLOG_FORMAT=json\n')
    read = read_config({"NUDGE_PACE": "9", "LOG_LEVEL": " ", "LOG_FORMAT": ""}, env_file)
    assert (read.nudge_pace, read.log_level, read.log_format) == (9, "DEBUG", "json")
    assert read.database_url == "sqlite:///a$b.db"


def test_a_missing_file_is_an_empty_one(tmp_path: Path) -> None:
    assert read_config({}, tmp_path / "none") == config()


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_bytes(b"\xef\xbb\xbfNUDGE_PACE=7\r\nHEARTBEAT_SECONDS=10\r\n")
    read = read_config({}, env_file)
    assert (read.nudge_pace, read.heartbeat_seconds) == (7, 10)


def test_a_file_that_is_no_text_is_refused_by_name(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_bytes(b"\xff\xfe\x00DISCORD")
    with pytest.raises(ConfigError, match=r"settings file .*\.env cannot be read"):
        read_config({}, env_file)


@pytest.mark.parametrize(
    ("name", "value", "range_"),
    [
        ("HEARTBEAT_SECONDS", "0", "1 to 60"),
        ("HEARTBEAT_SECONDS", "61", "1 to 60"),
        ("HEARTBEAT_SECONDS", "1.5", "1 to 60"),
        ("HEARTBEAT_SECONDS", "9" * 5000, "1 to 60"),
        ("NUDGE_PACE", "0", "0.1 to 45"),
        ("NUDGE_PACE", "45.1", "0.1 to 45"),
        ("NUDGE_PACE", "nan", "0.1 to 45"),
        ("NUDGE_PACE", "fast", "0.1 to 45"),
        ("NUDGE_JITTER_MINUTES", "60", "0 to 59"),
        ("NUDGE_JITTER_MINUTES", "-1", "0 to 59"),
        ("DM_OPENS_PER_MINUTE", "0", "1 to 60"),
        ("DM_OPENS_PER_MINUTE", "²", "1 to 60"),
        ("LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING, ERROR"),
        ("LOG_FORMAT", "xml", "text, json"),
        ("LLM_DEADLINE_SECONDS", "0.5", "1 to 120"),
        ("LLM_DEADLINE_SECONDS", "121", "1 to 120"),
        ("LLM_TEMPERATURE", "-0.1", "0 to 2"),
        ("LLM_TEMPERATURE", "2.1", "0 to 2"),
        ("LLM_TEMPERATURE", "warm", "0 to 2"),
        ("LLM_REASONING_EFFORT", "very high", "one word"),
        ("LLM_TOKENS_PER_COURSE", "19999", "20000 to 100000000"),
        ("LLM_TOKENS_PER_COURSE", "100000001", "20000 to 100000000"),
        ("LLM_TOKENS_PER_DAY", "1e6", "20000 to 100000000"),
        ("LLM_MODEL", "m" * 101, "at most 100 characters"),
        ("LLM_MODEL", "a\tmodel", "at most 100 characters"),
    ],
)
def test_a_setting_out_of_range_is_refused_with_its_name_and_the_range(name: str, value: str, range_: str) -> None:
    with pytest.raises(ConfigError) as refused:
        config(**{name: value})
    assert str(refused.value).startswith(f"{name} has to be ")
    assert range_ in str(refused.value)


def test_a_content_folder_has_to_exist(tmp_path: Path) -> None:
    assert config(COURSE_CONTENT=str(tmp_path)).course_content == tmp_path
    with pytest.raises(ConfigError, match="COURSE_CONTENT has to name a folder that exists"):
        config(COURSE_CONTENT=str(tmp_path / "missing"))


def test_a_missing_token_is_explained_and_the_demo_is_offered() -> None:
    with pytest.raises(ConfigError) as refused:
        config().require_token()
    sentence = str(refused.value)
    assert sentence.startswith("DISCORD_TOKEN is not set")
    assert "discord.com/developers/applications" in sentence
    assert "`make demo`" in sentence


@pytest.mark.parametrize("token", [f"Bot {SECRET}", f"{SECRET}é", f"{SECRET}\n{SECRET}"])
def test_a_token_that_cannot_be_one_is_refused_without_showing_it(token: str) -> None:
    with pytest.raises(ConfigError, match="DISCORD_TOKEN is not a bot token") as refused:
        config(DISCORD_TOKEN=token).require_token()
    assert SECRET not in str(refused.value)


def test_a_token_is_returned_without_the_space_around_it() -> None:
    assert config(DISCORD_TOKEN=f" {SECRET}\n").require_token() == SECRET


def test_no_secret_is_in_the_repr() -> None:
    read = config(
        DISCORD_TOKEN=SECRET,
        DATABASE_URL=f"postgresql://coach:{SECRET}@host/coach",
        OPENAI_API_KEY=SECRET,
        OPENAI_BASE_URL=f"https://models.example/{SECRET}",
    )
    assert SECRET in read.database_url
    assert read.llm.api_key == SECRET
    assert read.llm.base_url == f"https://models.example/{SECRET}"
    assert SECRET not in repr(read)


# The AI reviewer


@pytest.mark.parametrize(
    ("given", "on"),
    [
        (set[str](), False),
        ({"LLM_MODEL"}, False),
        ({"OPENAI_API_KEY"}, False),
        ({"OPENAI_BASE_URL", "OPENAI_API_KEY"}, False),
        ({"LLM_MODEL", "OPENAI_API_KEY"}, True),
        ({"LLM_MODEL", "OPENAI_BASE_URL"}, True),
    ],
)
def test_there_is_an_ai_reviewer_with_a_model_and_a_key_or_an_address(given: set[str], on: bool) -> None:
    values = {"LLM_MODEL": "a-model", "OPENAI_API_KEY": "a-key", "OPENAI_BASE_URL": "http://localhost:8080/v1"}
    assert config(**{name: values[name] for name in given}).llm.on is on


def test_the_settings_of_the_ai_reviewer_are_read() -> None:
    read = config(
        LLM_MODEL="a model/7b",
        OPENAI_API_KEY=" a-key ",
        OPENAI_BASE_URL="https://models.example:8443/v1/",
        LLM_DEADLINE_SECONDS="7.5",
        LLM_TEMPERATURE="0",
        LLM_REASONING_EFFORT="Low",
        LLM_HOST_NOTE="run by our IT in Leeds",
        LLM_TOKENS_PER_COURSE="20000",
        LLM_TOKENS_PER_DAY="100000000",
    )
    address = "https://models.example:8443/v1/"
    note = "run by our IT in Leeds"
    assert read.llm == LlmConfig("a model/7b", "a-key", address, 7.5, 0, "low", note, 20_000, 100_000_000)
    assert (read.llm.host, LlmConfig("m", "k").host) == ("models.example", "api.openai.com")


@pytest.mark.parametrize("key", [f"Bearer {SECRET}", f"{SECRET}é", f"{SECRET}\n{SECRET}", f"{SECRET}\x00"])
def test_a_key_that_no_request_can_carry_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(ConfigError, match="OPENAI_API_KEY has to be one word") as refused:
        config(OPENAI_API_KEY=key)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "localhost:8080/v1",
        "ftp://models.example",
        "https://",
        f"https://{SECRET}@models.example/v1",
        f"https://me:{SECRET}@models.example/v1",
        f"https://models.example/v1?key={SECRET}",
        f"https://models.example/v1#{SECRET}",
        f"https://models.example:{SECRET}/v1",
        "https://models.example:99999/v1",
        "https://[models.example/v1",
        "https://models.example/v 1",
        "https://mödels.example/v1",
        f"https://{'a' * 256}/v1",
    ],
)
def test_an_address_that_members_could_not_be_told_is_refused_without_showing_it(address: str) -> None:
    with pytest.raises(ConfigError, match="OPENAI_BASE_URL has to be an address such as") as refused:
        config(OPENAI_BASE_URL=address)
    assert SECRET not in str(refused.value)


def test_where_erasures_are_noted_can_be_said(tmp_path: Path) -> None:
    read = config(ERASURE_RECORD=str(tmp_path / "erasures"), ERASURE_KEY="k" * 32)
    assert (read.erasure_record, read.erasure_key) == (tmp_path / "erasures", "k" * 32)
    assert "kkkk" not in repr(read)
    with pytest.raises(ConfigError, match="ERASURE_RECORD has to name a file"):
        config(ERASURE_RECORD=str(tmp_path))
    with pytest.raises(ConfigError, match="ERASURE_KEY has to have 32 characters"):
        config(ERASURE_KEY="k" * 31)
