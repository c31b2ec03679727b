"""The command line's frame, shared by `python -m ingest` and `python -m analysis`.

A command is a module with `add_arguments(parser)` and `run(args) -> int`; its docstring's first line is its help.
Only the chosen command is imported, so that `--help` and errors are quick.
"""

import argparse
import importlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

from ingest.errors import LianwatchError

INTERRUPTED = 130


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage that `--help` gives."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (see --help)\n")


def dispatch(package: str, commands: dict[str, str], argv: list[str] | None = None) -> int:
    """Run one of `commands` (command name → one line of help) from `<package>.commands.<name>`.

    Returns the exit code: 0 done, 1 the work failed, 2 wrong usage. Errors are one line on standard error.
    """
    argv = sys.argv[1:] if argv is None else argv
    parser = _Parser(prog=f"python -m {package}", description=f"Lianwatch: {package}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, help_line in commands.items():
        sub = subparsers.add_parser(name, help=help_line, description=help_line)
        if argv and argv[0] == name:
            command = importlib.import_module(f"{package}.commands.{name}_")
            command.add_arguments(sub)
    args = parser.parse_args(argv)
    try:
        return command.run(args) or 0
    except LianwatchError as error:
        print(f"{package} {args.command}: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


@contextmanager
def progress_bar(what: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, told how many are done of how many; nothing where that is no terminal."""
    from tqdm import tqdm

    with tqdm(desc=what, unit=f" {unit}", file=sys.stderr, disable=None, leave=False) as bar:

        def show(done: int, of: int) -> None:
            bar.total = of
            bar.update(done - bar.n)

        yield show


def whole_number(least: int, most: int = sys.maxsize) -> Callable[[str], int]:
    """An argparse type: a whole number from `least` to `most` (the largest that a database takes)."""
    to = "on" if most == sys.maxsize else f"to {most}"

    def number(text: str) -> int:
        if not text.strip().isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from {least} {to}")
        return int(text)

    return number


def language(text: str) -> str:
    """An argparse type: the code of a language (`en`, `zh`, `zh-Hant`, ...)."""
    from ingest.entries import language_code

    if not (code := language_code(text)):
        raise argparse.ArgumentTypeError(f"'{text}' is no code of a language (write en, zh or zh-Hant)")
    return code


def sums(results: Sequence[object], *names: str) -> dict[str, int]:
    """The sum of each named attribute over `results`."""
    return {name: sum(getattr(result, name) for result in results) for name in names}


def print_json(value: dict) -> None:
    """Print exactly one JSON object on standard output."""
    print(json.dumps(value, ensure_ascii=False))
