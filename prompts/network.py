"""network.toml: the kinds of people, the stages of a relation, and first messages."""

from pathlib import Path

from bot.coaching.network import NetworkWords
from prompts.reading import complete, inside, read_file

_FILE = "network.toml"


def read_network(folder: Path | None) -> NetworkWords:
    """Read the words of the network; raises ContentError."""
    network = read_file(_FILE, folder, NetworkWords)
    if folder is not None:
        with inside(_FILE):
            complete("starter", network.starters, read_file(_FILE, None, NetworkWords).starters)
    return network
