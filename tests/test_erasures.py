"""The record of who was erased: it tells nobody anything without its key, and survives what a crash leaves."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.coaching.ids import UserId
from bot.erasures import ErasureRecord, ErasureRecordError

ANN, BEN, CLEO = UserId(111_111_111), UserId(222_222_222), UserId(333_333_333)
NOW = datetime(2027, 3, 3, 12, 0, 0, 123_456, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def record(tmp_path: Path) -> ErasureRecord:
    return ErasureRecord(tmp_path / "kept" / "coach.erasures")


def test_erased_accounts_are_found_with_their_last_moment(record: ErasureRecord) -> None:
    assert record.last([ANN, BEN]) == {}
    for user_id, at in ((ANN, NOW), (ANN, NOW + 2 * HOUR), (ANN, NOW + HOUR), (BEN, NOW)):
        record.note(user_id, at)
    assert ErasureRecord(record.path).last([ANN, BEN, CLEO]) == {ANN: NOW + 2 * HOUR, BEN: NOW}


def test_neither_file_says_who_was_erased_and_only_the_owner_reads_them(record: ErasureRecord) -> None:
    record.note(ANN, NOW)
    for file in (record.path, record.key_path):
        assert str(ANN) not in file.read_text()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    key = record.key_path.read_text().strip()
    assert key not in record.path.read_text()
    assert key not in repr(ErasureRecord(record.path, key))
    assert {file.name for file in record.path.parent.iterdir()} == {record.path.name, record.key_path.name}


def test_a_given_key_leaves_no_file(record: ErasureRecord) -> None:
    given = ErasureRecord(record.path, "k" * 32)
    given.note(ANN, NOW)
    assert not given.key_path.exists()
    assert given.last([ANN]) == {ANN: NOW}


@pytest.mark.parametrize("key", [None, b""])
def test_a_record_without_its_key_is_refused_and_not_ignored(record: ErasureRecord, key: bytes | None) -> None:
    record.note(ANN, NOW)
    record.key_path.unlink()
    if key is not None:
        record.key_path.write_bytes(key)
    for use in (lambda: record.last([ANN]), lambda: record.note(BEN, NOW)):
        with pytest.raises(ErasureRecordError, match="its key is not"):
            use()


@pytest.mark.parametrize("torn", range(1, 98, 6))
def test_a_line_that_a_crash_cut_short_is_nobodys_and_takes_no_other_with_it(record: ErasureRecord, torn: int) -> None:
    record.note(ANN, NOW)
    whole = record.path.read_bytes()
    record.note(BEN, NOW)
    line = record.path.read_bytes()[len(whole) :]
    record.path.write_bytes(whole + line[: min(torn, len(line) - 2)])
    record.note(CLEO, NOW + HOUR)
    assert record.last([ANN, BEN, CLEO]) == {ANN: NOW, CLEO: NOW + HOUR}


def test_lines_that_are_not_ours_say_nothing(record: ErasureRecord) -> None:
    record.note(ANN, NOW)
    with record.path.open("ab") as file:
        file.write(b"\xff\xfe nonsense\n\n2027-03-03T12:00:00 " + b"0" * 64)
    record.note(BEN, NOW)
    assert record.last([ANN, BEN]) == {ANN: NOW, BEN: NOW}


def test_erasures_at_the_same_moment_are_all_noted(tmp_path: Path) -> None:
    for turn in range(20):
        record = ErasureRecord(tmp_path / str(turn) / "coach.erasures")
        users = [UserId(number) for number in range(1, 9)]
        with ThreadPoolExecutor(len(users)) as threads:
            list(threads.map(partial(record.note, at=NOW), users))
        assert record.last(users) == dict.fromkeys(users, NOW)


def test_a_full_disk_is_said_and_costs_no_other_line(record: ErasureRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    record.note(ANN, NOW)
    write = os.write

    def half(opened: int, text: bytes) -> int:
        return write(opened, text[: len(text) // 2])

    with monkeypatch.context() as full:
        full.setattr(os, "write", half)
        with pytest.raises(ErasureRecordError, match="disk is full"):
            record.note(BEN, NOW)
    record.note(CLEO, NOW)
    assert record.last([ANN, BEN, CLEO]) == {ANN: NOW, CLEO: NOW}


def test_a_place_that_cannot_be_written_is_named_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    record = ErasureRecord(tmp_path / "file" / "coach.erasures")
    with pytest.raises(ErasureRecordError, match=r"coach\.erasures cannot be written"):
        record.note(ANN, NOW)
    folder = ErasureRecord(tmp_path / "folder", "k" * 32)
    folder.path.mkdir()
    for use in (lambda: folder.last([ANN]), lambda: folder.note(ANN, NOW)):
        with pytest.raises(ErasureRecordError):
            use()
