"""Views in config.yaml."""

from __future__ import annotations

import pytest

from tests.domain.config import problems_in, settings_of


@pytest.mark.parametrize(
    ("views", "problems"),
    [
        (
            "{a: 'is:opne'}",
            ["1:12: `views.a`: `opne` "],
        ),
        ("{a: 'is:opne', b: '@a'}", ["`views.a`"]),
        (
            "{a: '@b', b: '@c is:open', c: '-@a'}",
            ["1:12: `views.a`: views name each other in a ring: `@a` -> `@b` -> `@c` -> `@a`"],
        ),
        ("{x: '@a', a: '@a'}", ["1:21: `views.a`: views name each other in a ring: `@a` -> `@a`"]),
        ("{a: '@bb', b: 'is:open'}", ["1:12: `views.a`: there is no view `@bb`"]),
        ("{a: 'level:L9'}", ["`views.a`: `L9` is "]),
        ("{a: }", ["1:9: `views.a` is empty"]),
        ("{me: 'is:open'}", ["1:9: `views.me` cannot be the name of a view"]),
        ("{a b: 'is:open'}", ["`views.a b` cannot be the name of a view"]),
        (
            "{a-b: 'is:open', A_b: 'is:done'}",
            ["1:25: `views.A_b`: `@a-b` and `@A_b` are the same to a query"],
        ),
        ("{a: [x]}", ["`views.a` must be a text, not a list"]),
    ],
)
def test_views(views: str, problems: list[str]) -> None:
    found = problems_in(f"views: {views}\nlevels: {{L1: support}}\n")
    assert len(found) == len(problems)
    for shown, expected in zip(found, problems, strict=True):
        assert expected in shown


def test_views_may_name_each_other_ten_deep() -> None:
    chain = {f"v{place}": f"@v{place + 1}" for place in range(10)} | {"v10": "is:open"}
    text = "".join(f"  {name}: '{query}'\n" for name, query in chain.items())
    assert settings_of("views:\n" + text).views == chain
    [found] = problems_in("views:\n  v: '@v0'\n" + text)
    assert "`views.v`: views name each other more than 10 deep" in found


def test_a_long_query_may_stand_on_several_lines() -> None:
    settings = settings_of(
        "views:\n  late: >\n    is:open\n    sla:breached\n  b: |\n    a\n    b\n"
    )
    assert settings.views == {"late": "is:open sla:breached", "b": "a b"}


def test_there_is_a_most_of_views() -> None:
    many = "".join(f"  v{place}: 'is:open'\n" for place in range(501))
    assert problems_in("views:\n" + many) == ["2:3: `views` are 501: 500 are the most"]
