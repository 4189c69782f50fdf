"""What `mend` and `sync` did, in words of tickets and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from desk.render.news import news_object, news_words, own_lines
from desk.render.sentences import count_words

if TYPE_CHECKING:
    from datetime import tzinfo

    from desk.domain.people import Actor
    from desk.services.conflicts import Mended
    from desk.services.joining import Renaming
    from desk.services.news import News
    from desk.services.syncing import Synced


def renaming_lines(renamings: Iterable[Renaming]) -> list[str]:
    """Return a sentence for each ticket that got an ID of its own."""
    return [
        f"two tickets were called {each.old}: the younger one is {each.new} now, and {each.old} "
        "is among its former IDs"
        for each in renamings
    ]


def mended_lines(mended: Mended, dry_run: bool = False) -> list[str]:
    """Return what `mend` did, and what is left to do, in sentences."""
    lines = [f"{each.path}: {each.why}" for each in mended.left]
    lines += renaming_lines(mended.renamings)
    lines += [
        f"{path} was removed on one side and changed on the other: kept" for path in mended.kept
    ]
    if not mended.looked_at:
        return ["nothing is in conflict"]
    if mended.files:
        what = count_words(len(mended.files), "file")
        lines.append(f"would mend {what}" if dry_run else f"{what} mended and staged")
    if mended.left:
        lines.append(f"{count_words(len(mended.left), 'file')} left for you, see above")
    elif not dry_run:
        lines.append(
            f"now conclude with `{mended.conclude}`"
            if mended.conclude
            else "now conclude with `git commit`; a stash that you popped is still there: "
            "`git stash drop`"
        )
    return lines


def mended_object(mended: Mended) -> dict[str, Any]:
    """Return the same for programs."""
    return {
        "schema": "desk.mend/1",
        "mended": [each.path for each in mended.files],
        "renamed": renamed_objects(mended.renamings),
        "kept": list(mended.kept),
        "left": [{"path": each.path, "message": each.why} for each in mended.left],
        "conclude": mended.conclude,
    }


def renamed_objects(renamings: Iterable[Renaming]) -> list[dict[str, str]]:
    """Return the tickets that got another ID, for programs."""
    return [{"from": each.old, "to": each.new} for each in renamings]


def synced_lines(
    synced: Synced, actor: Actor | None, zone: tzinfo, dry_run: bool = False
) -> list[str]:
    """Return what `sync` did, in sentences: what came, to one's own tickets above all, what went,
    and what is still to go."""
    place = synced.place
    if place is None:
        return ["there is no remote, so there is nobody to sync with: see `git remote add`"]
    lines = renaming_lines(synced.renamings)
    came, went, waits = (_counted(news) for news in (synced.received, synced.sent, synced.waiting))
    if came:
        lines.append(f"{'would come' if dry_run else 'came'} from {place.name}: {came}")
        lines += own_lines(synced.received, actor, zone)
    if went:
        lines.append(f"sent to {place.name}: {went}")
    if waits:
        how = "would go" if dry_run else "not sent yet"
        lines.append(f"{how} to {place.name}: {waits}")
    if synced.is_new_branch and not dry_run and not synced.refusal and went:
        lines.append(f"{place.name} is new there")
    return lines or [f"nothing new: {place.name} and this branch are the same"]


def _counted(news: News) -> str:
    """Return `4 commits (2 new, 1 reply on HD-... from ana)`; "" for none."""
    told = news_words(news)
    if not news.commits and not told:
        return ""
    count = count_words(news.commits, "commit")
    return f"{count} ({told})" if told else count


def synced_object(synced: Synced, actor: Actor | None, dry_run: bool = False) -> dict[str, Any]:
    """Return the same for programs."""
    place = synced.place
    return {
        "schema": "desk.sync/1",
        "dry_run": dry_run,
        "remote": place.remote if place else None,
        "branch": place.branch if place else None,
        "before": synced.before or None,
        "after": None if dry_run else synced.after or None,
        "is_merged": synced.is_merged,
        "tries": synced.tries,
        "received": news_object(synced.received, actor),
        "sent": news_object(synced.sent, actor),
        "waiting": news_object(synced.waiting, actor),
        "renamed": renamed_objects(synced.renamings),
        "refused": str(synced.refusal) if synced.refusal else None,
    }
