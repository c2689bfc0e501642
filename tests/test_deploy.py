"""What is deployed with: the files say what the program does, and documents name commands that exist."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from configparser import ConfigParser
from importlib.metadata import PackageNotFoundError, metadata, requires
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from psycopg.conninfo import conninfo_to_dict

from bot.__main__ import NOT_STARTED, parser
from bot.coaching.weeks import DAY_NAMES
from bot.services.cohort import DEFAULTS
from tests.conftest import PostgreSQL

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service")) + sorted(DEPLOY.glob("*.timer"))
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *DEPLOY.iterdir(), ROOT / ".env.example"]
PROGRAM = re.compile(r"(?:python -m bot|(?:bin/|Scripts\\|bot |`|^)pln-coach)(?:\.exe)? ([^`#|\"\n]+)", re.MULTILINE)
"""A command line of ours, up to what ends it in a document or a remark."""


def unit(path: Path) -> dict[str, str]:
    """Return the values of a systemd unit; of a key that is set twice, the last."""
    read = ConfigParser(strict=False, interpolation=None, delimiters="=")
    read.optionxform = str  # pyright: ignore[reportAttributeAccessIssue]
    read.read(path)
    return {key: value for section in read.sections() for key, value in read.items(section)}


def versions(file: Path) -> dict[str, str]:
    pins = re.findall(r"^([\w.-]+(?:\[\w+\])?)==([\w.]+)", file.read_text(), re.MULTILINE)
    return {_name(name): version for name, version in pins}


def _name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.partition("[")[0]).lower()


# The image


def test_lock_has_the_versions_of_the_constraints() -> None:
    locked, constrained = versions(DEPLOY / "requirements.lock"), versions(ROOT / "constraints.txt")
    assert {name: constrained.get(name) for name in locked} == locked


def test_lock_is_what_the_runtime_needs() -> None:
    needed: set[str] = set()
    todo = [Requirement(f"pln-coach[{extra}]") for extra in ("", "postgresql")]
    while todo:
        wanted = todo.pop()
        for line in _requires(wanted.name):
            found = Requirement(line)
            extras: set[str] = wanted.extras or {""}
            on = {"python_version": "3.13", "python_full_version": "3.13.0", "sys_platform": "linux"}
            if found.marker is None or any(found.marker.evaluate(on | {"extra": one}) for one in extras):
                known = _name(found.name) in needed and not found.extras
                needed.add(_name(found.name))
                todo += [] if known else [found]
    assert set(versions(DEPLOY / "requirements.lock")) == needed


def _requires(name: str) -> list[str]:
    try:
        return requires(name) or []
    except PackageNotFoundError:  # one that this Python does without
        return []


def test_lock_names_no_place_to_download_from() -> None:
    lines = (DEPLOY / "requirements.lock").read_text().splitlines()
    assert [
        line
        for line in lines
        if not re.fullmatch(r"#.*|[\w.-]+(\[\w+\])?==\S+ \\|    --hash=sha256:\w{64}( \\)?", line)
    ] == []


def test_image_runs_the_program_as_nobody_in_particular() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    assert "\nUSER coach\n" in dockerfile
    assert "--require-hashes -r /build/requirements.lock" in dockerfile
    for folder in ("bot", "cogs", "storage", "prompts", "deploy/requirements.lock", "pyproject.toml"):
        assert f"\n!{folder}\n" in (ROOT / ".dockerignore").read_text()


# Compose


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yml").read_text())


def test_compose_publishes_nothing_and_keeps_the_erasure_record_apart(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if "ports" in service] == []
    bot, database, backup = services["bot"], services["database"], services["backup"]
    assert bot["environment"]["ERASURE_RECORD"].startswith("/data/")
    assert bot["volumes"] == ["bot:/data"]
    assert not {"bot:/data"} & {*database["volumes"], *backup["volumes"]}
    assert backup["image"] == database["image"]
    for service in services.values():
        for volume in service["volumes"]:
            source = volume.partition(":")[0]
            assert source in compose["volumes"] or (DEPLOY / source).exists()


def test_database_is_healthy_only_when_others_can_reach_it(compose: dict[str, Any]) -> None:
    assert "--host=127.0.0.1" in compose["services"]["database"]["healthcheck"]["test"]


def nightly_backup(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = ["/bin/sh", str(DEPLOY / "nightly-backup.sh")]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def test_nightly_backup_keeps_fourteen_and_touches_nothing_else(postgresql: PostgreSQL, tmp_path: Path) -> None:
    for day in range(1, 21):
        (tmp_path / f"pln-coach-202609{day:02}T031500Z").write_text("old")
    (tmp_path / "notes.txt").write_text("mine")
    killed = tmp_path / "pln-coach-20260901T031500Z.part"
    killed.write_text("half")
    os.utime(killed, (0, 0))
    programs = f"{postgresql.programs}:/usr/bin:/bin"
    server = {f"PG{key.upper()}": str(value) for key, value in conninfo_to_dict(postgresql.url()).items()}
    server["PGDATABASE"] = server.pop("PGDBNAME")
    env = {"PATH": programs, "FOLDER": str(tmp_path), "ONCE": "1"} | server
    done = nightly_backup(env)
    assert done.returncode == 0, done.stderr
    left = sorted(path.name for path in tmp_path.iterdir())
    assert len(left) == 15
    assert left[0] == "notes.txt"
    assert left[1] == "pln-coach-20260908T031500Z"
    assert (tmp_path / left[-1]).read_bytes().startswith(b"PGDMP")
    env |= {"PGHOST": "127.0.0.1", "PGPORT": "1"}
    done = nightly_backup(env)
    assert done.returncode == 1
    assert "no backup was made" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == left


def test_nightly_backup_is_made_once_a_day(tmp_path: Path) -> None:
    programs, backups = tmp_path / "programs", tmp_path / "backups"
    programs.mkdir()
    backups.mkdir()
    (programs / "pg_dump").write_text('#!/bin/sh\nfor last; do :; done\necho PGDMP > "${last#--file=}"\n')
    (programs / "sleep").write_text("#!/bin/sh\nexit 7\n")  # the hour is over at once, and so is the loop
    for program in programs.iterdir():
        program.chmod(0o755)
    env = {"PATH": f"{programs}:/usr/bin:/bin", "FOLDER": str(backups)}
    for _ in range(2):
        done = nightly_backup(env)
        assert (done.returncode, done.stderr) == (7, "")
    assert len(list(backups.iterdir())) == 1


# systemd


def test_service_is_watched_and_is_not_restarted_for_a_wrong_setting() -> None:
    service = unit(DEPLOY / "pln-coach.service")
    assert (service["Type"], service["NotifyAccess"], service["UMask"]) == ("notify", "main", "0077")
    assert int(service["WatchdogSec"]) >= 30
    assert (service["Restart"], service["RestartPreventExitStatus"]) == ("on-failure", str(NOT_STARTED))
    assert service["WorkingDirectory"] == f"/var/lib/{service['StateDirectory']}"


def test_backup_may_do_no_more_than_the_bot() -> None:
    bot, backup = ((DEPLOY / name).read_text() for name in ("pln-coach.service", "pln-coach-backup.service"))
    hardening = bot[bot.index("CapabilityBoundingSet=") : bot.index("[Install]")]
    assert hardening.strip() in backup


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_unit_is_what_systemd_understands(path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd here")
    done = subprocess.run(["systemd-analyze", "verify", path], capture_output=True, text=True, check=False)  # noqa: S607
    said = [line for line in done.stderr.splitlines() if path.name in line and "is not executable" not in line]
    assert said == []


# What tools outside read


def test_workflow_runs_what_everybody_runs_on_every_python() -> None:
    job = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())["jobs"]["test"]
    assert job["steps"][-1] == {"run": ".ci/run"}
    classifiers = metadata("pln-coach").get_all("Classifier") or []
    versions_named = {line.rpartition(" ")[2] for line in classifiers if "Python :: 3." in line}
    assert set(job["strategy"]["matrix"]["python"]) == versions_named


def test_hooks_name_programs_of_the_install() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    makefile = (ROOT / "Makefile").read_text().replace("$(BIN)", ".venv/bin")
    for hook in hooks:
        assert hook["entry"].removesuffix(" --fix") in makefile


# What documents say


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path.suffix == ".md"], ids=lambda path: path.name)
def test_documents_link_to_files_that_exist(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_operator_is_told_when_the_first_note_comes() -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert f"first {DAY_NAMES[DEFAULTS.nudge_day]} of the term" in page
    assert f"at {DEFAULTS.nudge_hour}:00 in the course's time zone" in page
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for setting, words in (
        ("NUDGE_JITTER_MINUTES=20", "Up to 20\n   minutes"),
        ("HEARTBEAT_SECONDS=30", "up to 30 seconds"),
        ("DM_OPENS_PER_MINUTE=5", "five new conversations a minute"),
    ):
        assert f"\n{setting}\n" in example
        assert words in page


def test_log_lines_that_operators_are_told_of_are_written() -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    table = page.partition("| the log says |")[2].partition("\n\n")[0]
    program = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py"))
    lines = re.findall(r"`([^`]+)`", "".join(row.split("|")[1] for row in table.splitlines()[2:]))
    assert len(lines) > 5
    assert [line for line in lines if line not in program and "1a2b3c4d" not in line] == []


def test_commands_for_compose_name_both_files() -> None:
    for path in DOCUMENTS:
        for line in path.read_text(encoding="utf-8").splitlines():
            if "docker compose " in line:
                assert "docker compose --env-file .env -f deploy/compose.yml " in line, f"{path.name}: {line}"


def commands() -> Iterator[tuple[str, list[str]]]:
    """Yield the arguments of every command line of ours in a document or a file of `deploy/`."""
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        yield from ((path.name, match[1].split()) for match in PROGRAM.finditer(text))
        yield from ((path.name, json.loads(given)[1:]) for given in re.findall(r'CMD (\["pln-coach".*\])', text))


def test_documented_commands_are_understood() -> None:
    understood = parser()
    given = {"ACCOUNT": "123456789012345678", "ACCOUNT_NUMBER": "123456789012345678", "N": "14"}
    listed = list(commands())
    assert len(listed) > 15
    for name, words in listed:
        try:
            understood.parse_args([given.get(word, word) for word in words])
        except SystemExit as error:
            pytest.fail(f"{name}: {' '.join(words)} ({error})")
