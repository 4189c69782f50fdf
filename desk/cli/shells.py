"""What shells ask while a word is being typed, and the scripts that make them ask.

That of zsh is Click's. fish has its own, as Click's cuts words and meanings off at a comma. So has
bash: it splits words at `:` and `=`, of which queries are full, and lists no meanings beside words
unless it is given both as one. It also puts words into the line as they are, and runs what stands
in them; the other two quote them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    get_completion_class,
    shell_complete,
    split_arg_string,
)

from desk.domain.patterns import pattern
from desk.domain.texts import STRANGE, visible

VARIABLE = "_DESK_COMPLETE"
"""Set by a shell that asks what a word may become."""

_BASH = """\
%(complete_func)s() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            plain,*) COMPREPLY+=("${line#plain,}") ;;
            file,*) compopt -o default ;;
            dir,*) compopt -o dirnames ;;
        esac
    done < <(env COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_WORDBREAKS="$COMP_WORDBREAKS" \\
        COMP_TYPE="$COMP_TYPE" %(complete_var)s=bash_complete "$1")
    [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *: ]] && compopt -o nospace
    return 0
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""

_FISH = """\
function %(complete_func)s
    set -l answer (env %(complete_var)s=fish_complete COMP_WORDS=(commandline -cp) \\
        COMP_CWORD=(commandline -t) %(prog_name)s)
    for line in $answer
        set -l parts (string split --max 1 , -- $line)
        switch $parts[1]
            case plain
                echo $parts[2]
            case file
                __fish_complete_path $parts[2]
            case dir
                __fish_complete_directories $parts[2]
        end
    end
end

complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""

_LISTING = ("9", "33", "63", "64")
"""The kinds of completion (COMP_TYPE) after which bash at most lists what several words there are;
the others put one after the other into the line."""

_TO_QUOTE = pattern(r"([^\w@%+=:,./-])")


class _Safe(ShellComplete):
    """What is offered goes to shells in lines; the words and their meanings come from strangers."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Leave out what could not be typed, and each word's second meaning; show what is strange
        in a meaning."""
        found: dict[str, CompletionItem] = {}
        for item in super().get_completions(args, incomplete):
            if not STRANGE.search(item.value):
                meaning = visible(item.help or "") or None
                found.setdefault(item.value, CompletionItem(item.value, item.type, meaning))
        return list(found.values())


class Zsh(_Safe, ZshComplete):
    """Completion for zsh."""


class Fish(_Safe, FishComplete):
    """Completion for fish."""

    source_template = _FISH


class Bash(_Safe, BashComplete):
    """Completion for bash 4.4 or newer."""

    source_template = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the whole words before the cursor, and the one begun there."""
        line = os.environ["COMP_LINE"]
        words = split_arg_string(line)
        begun = words.pop() if len(words) > 1 and not line[-1].isspace() else ""
        return words[1:], begun

    def complete(self) -> str:
        """Return a line for each word that is offered, its kind before it."""
        args, begun = self.get_completion_args()
        items = self.get_completions(args, begun)
        return "\n".join(_lines(items, begun))


def _lines(items: Sequence[CompletionItem], begun: str) -> list[str]:
    breaks = os.environ.get("COMP_WORDBREAKS", "")
    cut = max((begun.rfind(mark) + 1 for mark in ":=" if mark in breaks), default=0)
    words = [
        _TO_QUOTE.sub(
            r"\\\1", item.value[cut:] if item.value.startswith(begun[:cut]) else item.value
        )
        for item in items
    ]
    shows_meaning = len(items) > 1 and os.environ.get("COMP_TYPE") in _LISTING
    width = max(map(len, words), default=0)
    lines = []
    for item, word in zip(items, words, strict=True):
        # bash puts what several have in common into the line. Nothing of a meaning ever is: no two
        # words are the same, and none has a blank unquoted.
        text = f"{word.ljust(width)}  {item.help}" if shows_meaning and item.help else word
        lines.append(f"{item.type},{text}")
    return lines


def _add_classes() -> None:
    for name, kind in (("bash", Bash), ("zsh", Zsh), ("fish", Fish)):
        add_completion_class(kind, name)


def complete(program: click.Command, instruction: str) -> int:
    """Answer a shell's question on stdout (`bash_complete`, `zsh_source`, ...); where anything is
    amiss, it gets no answer, and no complaint in the middle of a line."""
    _add_classes()
    try:
        return shell_complete(program, {}, "desk", VARIABLE, instruction)
    except Exception:
        return 1


def script(program: click.Command, shell: str) -> str:
    """Return what makes a shell ask; LookupError for one that Click does not know."""
    _add_classes()
    found = get_completion_class(shell)
    if found is None:
        raise LookupError(shell)
    return found(program, {}, "desk", VARIABLE).source()
