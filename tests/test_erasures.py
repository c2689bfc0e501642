"""The record of who was erased: it tells nobody anything without its key, and survives what a crash leaves."""

import errno
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


def test_whoever_was_erased_is_found_again_with_the_moment_and_nobody_else(record: ErasureRecord) -> None:
    assert record.last([ANN, BEN]) == {}
    record.note(ANN, NOW)
    record.note(BEN, NOW + HOUR)
    assert record.last([ANN, CLEO]) == {ANN: NOW}
    assert record.last([ANN, BEN]) == {ANN: NOW, BEN: NOW + HOUR}


def test_of_several_erasures_the_last_one_counts(record: ErasureRecord) -> None:
    for at in (NOW, NOW + 2 * HOUR, NOW + HOUR):
        record.note(ANN, at)
    assert record.last([ANN]) == {ANN: NOW + 2 * HOUR}


def test_neither_file_says_who_was_erased_and_both_are_their_owners_alone(record: ErasureRecord) -> None:
    record.note(ANN, NOW)
    for file in (record.path, record.key_path):
        assert str(ANN) not in file.read_text()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert record.key_path.read_text().strip() not in record.path.read_text()
    assert record.key_path.read_text().strip() not in repr(ErasureRecord(record.path, record.key_path.read_text()))


def test_the_key_is_made_once(record: ErasureRecord) -> None:
    record.note(ANN, NOW)
    made = record.key_path.read_bytes()
    record.note(BEN, NOW)
    assert record.key_path.read_bytes() == made
    assert set(ErasureRecord(record.path).last([ANN, BEN])) == {ANN, BEN}


def test_a_key_that_was_given_leaves_no_file(record: ErasureRecord) -> None:
    given = ErasureRecord(record.path, "k" * 32)
    given.note(ANN, NOW)
    assert not given.key_path.exists()
    assert given.last([ANN]) == {ANN: NOW}


def test_without_its_key_and_with_another_the_record_is_refused_rather_than_ignored(record: ErasureRecord) -> None:
    record.note(ANN, NOW)
    other = ErasureRecord(record.path, "k" * 32)
    for use in (lambda: other.last([ANN]), lambda: other.note(BEN, NOW)):
        with pytest.raises(ErasureRecordError, match="another key"):
            use()
    record.key_path.unlink()
    with pytest.raises(ErasureRecordError, match="its key is not"):
        record.last([ANN])


@pytest.mark.parametrize("torn", range(1, 130, 7))
def test_a_last_line_that_a_crash_cut_short_takes_no_other_with_it(record: ErasureRecord, torn: int) -> None:
    record.note(ANN, NOW)
    whole = record.path.read_bytes()
    record.note(BEN, NOW)
    line = record.path.read_bytes()[len(whole) :]
    record.path.write_bytes(whole + line[: min(torn, len(line) - 2)])
    assert record.last([ANN]) == {ANN: NOW}
    record.note(CLEO, NOW + HOUR)
    found = record.last([ANN, CLEO])
    assert found == {ANN: NOW, CLEO: NOW + HOUR}


@pytest.mark.parametrize("left", [0, 1, 30, 80])
def test_a_first_line_that_a_crash_cut_short_is_written_anew(record: ErasureRecord, left: int) -> None:
    record.note(ANN, NOW)
    record.path.write_bytes(record.path.read_bytes()[:left])
    assert record.last([ANN]) == {}
    record.note(BEN, NOW)
    assert record.last([ANN, BEN]) == {BEN: NOW}


def test_a_key_file_that_a_crash_left_empty_is_made_anew(record: ErasureRecord) -> None:
    record.path.parent.mkdir()
    record.key_path.write_bytes(b"")
    record.note(ANN, NOW)
    assert record.last([ANN]) == {ANN: NOW}


def test_what_is_no_line_of_ours_says_nothing(record: ErasureRecord) -> None:
    record.note(ANN, NOW)
    with record.path.open("ab") as file:
        file.write(b"\xff\xfe nonsense\n\n" + b"0" * 64 + b" 2027-03-03T12:00:00\n")
    assert record.last([ANN, BEN]) == {ANN: NOW}


def test_erasures_at_the_same_moment_are_all_noted(tmp_path: Path) -> None:
    for turn in range(20):
        record = ErasureRecord(tmp_path / str(turn) / "coach.erasures")
        users = [UserId(number) for number in range(1, 9)]
        with ThreadPoolExecutor(len(users)) as threads:
            list(threads.map(partial(record.note, at=NOW), users))
        assert record.last(users) == dict.fromkeys(users, NOW)


def test_a_disk_that_takes_half_a_line_leaves_none_of_it(
    record: ErasureRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    record.note(ANN, NOW)
    before = record.path.read_bytes()
    write = os.write

    def full(opened: int, text: bytes) -> int:
        if len(text) < 20:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(opened, text[: len(text) // 2])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(ErasureRecordError, match="No space left"):
        record.note(BEN, NOW)
    monkeypatch.undo()
    assert record.path.read_bytes() == before


def test_a_key_that_is_gone_is_not_made_anew_beside_its_record(record: ErasureRecord) -> None:
    record.note(ANN, NOW)
    record.key_path.unlink()
    with pytest.raises(ErasureRecordError, match="its key is not"):
        record.note(BEN, NOW)
    assert not record.key_path.exists()


def test_a_place_that_cannot_be_written_is_named_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    record = ErasureRecord(tmp_path / "file" / "coach.erasures")
    with pytest.raises(ErasureRecordError, match=r"coach\.erasures cannot be written"):
        record.note(ANN, NOW)
    folder = ErasureRecord(tmp_path / "folder")
    folder.path.mkdir()
    for use in (lambda: folder.last([ANN]), lambda: folder.note(ANN, NOW)):
        with pytest.raises(ErasureRecordError):
            use()
