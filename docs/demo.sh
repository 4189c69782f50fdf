#!/bin/sh
# `make demo`: a sample help desk in a scratch folder, and a day's work on it. `desk` is on PATH.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/desk-demo.XXXXXX")
GIT_AUTHOR_NAME="Rita Oot" GIT_AUTHOR_EMAIL=rita@acme.example
GIT_COMMITTER_NAME="Rita Oot" GIT_COMMITTER_EMAIL=rita@acme.example
export GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL
DESK_NOW=2026-11-02T07:00:00Z
export DESK_NOW

if [ -t 1 ]; then bold=$(printf '\033[1m') dim=$(printf '\033[2m') plain=$(printf '\033[0m')
else bold='' dim='' plain=''
fi

say() {
    printf '\n%s\n' "$bold# $*$plain"
}

run() { # show a command as it would be typed, then run it
    printf '%s\n' "$dim\$ desk $*$plain"
    desk "$@"
}

look() { # show a command as it would be typed, and its answer as on a terminal even where this is none
    printf '%s\n' "$dim\$ desk $*$plain"
    desk -o table "$@"
}

say "A help desk in $scratch (three weeks of work, one commit for every command)"
desk --quiet init "$scratch" --name "ACME IT" > /dev/null
cd "$scratch"
cp "$here/../config.yaml" config.yaml
git commit --quiet --all --message "Settings of ACME IT"
sh "$here/sample.sh" > /dev/null

export DESK_USER=ana DESK_NOW=2026-11-20T09:15:00Z

say "Ana's day"
look today

say "One ticket"
erp=$(desk list invoice -o ids)
run take "$erp"
run reply "$erp" --wait -m "November is open for company 20 again. Please try once more."
look show "$erp"

say "What is known already"
look kb search vpn password

say "Which promises are broken, or about to be (in CI, the exit code says so)"
look sla check --fail-on never

say "Why is it due then?"
look sla explain "$erp"

say "How the team is doing"
look team

say "The figures"
look report summary
look report companies

say "What Git makes of it"
look history "$erp"

say "Is every file in order?"
run lint

printf '\nLook around: cd %s && desk list\n' "$scratch"
