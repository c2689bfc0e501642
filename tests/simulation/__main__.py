"""`python -m tests.simulation --seed N [--json]`: what the notes of a simulated term are like."""

import argparse
import json
import logging
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.simulation.notes import READ, counted, shown, some, term_of_notes


def main() -> None:
    """Print the counts of one seed, and notes to be read with the state behind each."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=2027)
    asked.add_argument("--variants", type=int, default=2, help="how many of each persona")
    asked.add_argument("--read", type=int, default=READ, help="how many notes to show")
    asked.add_argument("--json", action="store_true")
    options = asked.parse_args()
    logging.disable(logging.WARNING)
    with TemporaryDirectory() as folder:
        notes = term_of_notes(Path(folder), options.seed, options.variants)
    counts, read = counted(notes), some(notes, options.seed, options.read)
    if options.json:
        sys.stdout.write(json.dumps({**counts, "read": read}, ensure_ascii=False, indent=1) + "\n")
        return
    lines = [f"{name}: {value}" for name, value in counts.items()]
    sys.stdout.write("\n".join(lines) + "\n\n" + shown(read) + "\n")


if __name__ == "__main__":
    main()
