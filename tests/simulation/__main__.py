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
    asked.add_argument("--no-plan", action="store_true", help="show notes of a course without a course plan")
    asked.add_argument("--json", action="store_true")
    options = asked.parse_args()
    logging.disable(logging.WARNING)
    with TemporaryDirectory() as folder:
        terms = {plan: term_of_notes(Path(folder), options.seed, options.variants, plan=plan) for plan in (False, True)}
    counts = {f"with{'' if plan else 'out'} a plan": counted(notes) for plan, notes in terms.items()}
    read = some(terms[not options.no_plan], options.seed, options.read)
    if options.json:
        sys.stdout.write(json.dumps({**counts, "read": read}, ensure_ascii=False, indent=1) + "\n")
        return
    lines = [f"{name}: {value}" for part in counts for name, value in ((part, ""), *counts[part].items())]
    sys.stdout.write("\n".join(lines) + "\n\n" + shown(read) + "\n")


if __name__ == "__main__":
    main()
