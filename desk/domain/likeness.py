"""Which words of a request tell what it is about, and which texts it is like by them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desk.domain.words import words

MOST_TELLING = 20
"""So many words are looked for, the rarest."""

_MOST_READ = 400
_FEW = 4
_LEAST_COMMON, _COMMON = 3, 0.25

_COMMON_WORDS = """
a aber about after again al algo all als also always am an and any are as ask at au auch auf aus
aux avec be because been before bei bin bitte bonjour but by can cannot cant ce cela ces cette
comme como con could cuando da danke dans das dass day days de del dem den depuis der des desde
desk did die do does doesnt donde dont du ein eine einen el ella elle en er error es est esta este
esto et every for from fur geht get gets got habe had hallo has hat have hay he hello help
helpdesk her here hi him his hola how i ich if ihr il ils im in into is isnt issue ist it its je
just kann kein keine know la las le les leur like lo los ma mais make man mas me mein meine mes mi
mit mon more most muy my nach ne need new nicht no noch nos not nous now nur o oder of on one only
or ou our out over par para pas pero please plus por porque pour problem puede puedo quand que qui
re sa se seit ses set she show shows si sich sie sin since sind so sobre some son still su sur
tengo thank thanks that the their them then there they this ticket tickets to too tout tried try
um un una unable und une uns up us use used user von vous war was way we wenn wer were what when
where which while who why wie will wir with without wont work working works would y ya yes you
your zu zum zur
"""
"""Words that say nothing of what a text is about, in the languages that help desks are asked in
most (English, Spanish, German, French), without accents. In a small knowledge base no count tells
which they are."""

_SMALL = frozenset(_COMMON_WORDS.split())


def stem(word: str) -> str:
    """Return what a word has in common with its plural, roughly: `printers` and `printer` are one,
    in several languages."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def stems(text: str) -> list[str]:
    """Return the words of a text that may tell something, in order, each as its `stem`."""
    return [stem(word) for word in words(text)[:_MOST_READ] if tells(word)]


def tells(word: str) -> bool:
    """Tell whether a word may say what a text is about: it is neither small nor a number."""
    return word not in _SMALL and not _is_number(word)


def _is_number(word: str) -> bool:
    return word.isdigit() or len(word) == 1


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a text is like a request: which telling words of the request it has, and which of those
    stand in both titles."""

    shared: frozenset[str]
    in_titles: frozenset[str]
    asked: int
    """How many words tell what the request is about."""

    @property
    def is_there(self) -> bool:
        """Whether the two share what matters: a word of both titles, or three telling words and a
        fifth of all; two, where the request has but few."""
        least = 2 if self.asked <= _FEW else max(3, self.asked / 5)
        return bool(self.in_titles) or len(self.shared) >= least

    @property
    def is_strong(self) -> bool:
        """Whether whoever makes the request should be shown the text unasked: the titles share two
        telling words, or one and there is another in the texts."""
        return bool(self.in_titles) and len(self.shared) > 1


def telling_words(title: str, text: str, known: Iterable[frozenset[str]]) -> tuple[str, ...]:
    """Return the stems of a request that some, and not too many, of the known texts have: those of
    the title first, then the rarest."""
    counts: Counter[str] = Counter()
    count = 0
    for each in known:
        counts.update(each)
        count += 1
    most = max(_LEAST_COMMON, int(_COMMON * count))
    titled = set(stems(title))
    asked = dict.fromkeys([*stems(title), *stems(text)])
    telling = [word for word in asked if 0 < counts[word] <= most]
    telling.sort(key=lambda word: (word not in titled, counts[word]))
    return tuple(telling[:MOST_TELLING])


def likeness(
    telling: Sequence[str], title: str, article_title: str, article_stems: frozenset[str]
) -> Likeness:
    """Return how a text, of such a title and with such stems, is like a request."""
    shared = frozenset(telling) & article_stems
    in_titles = shared & set(stems(title)) & set(stems(article_title))
    return Likeness(shared, in_titles, len(telling))
