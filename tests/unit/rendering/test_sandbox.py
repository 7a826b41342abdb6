"""The sandbox: what templates can not do."""

from typing import Any

import pytest
from jinja2 import DictLoader, TemplateError

from digestbot.rendering.sandbox import LONGEST, Sandbox, counted


class Event:
    """What must never be handed to a template, handed to one."""

    token = "secret-token"

    def delete(self) -> str:
        raise AssertionError("a template called a method")


def write(source: str, **values: Any) -> str:  # noqa: ANN401  # any value
    sandbox = Sandbox(DictLoader({"loop": '{% include "loop" %}', "main": source}))
    return "".join(counted(sandbox.get_template("main").generate(**values)))


BOMBS = [
    "{{ 'a' * 200000000 }}",
    "{{ [1] * 100000000 }}",
    "{{ '%300000000d' | format(1) }}",
    "{{ '%300000000d' % 1 }}",
    "{{ '{:>300000000}'.format(1) }}",
    "{{ 'a' | center(300000000) }}",
    "{{ 'a'.replace('a', 'b') }}",
    "{{ 'a' | replace('a', 'b') }}",
    "{% for i in range(99999) %}{% for j in range(99999) %}x{% endfor %}{% endfor %}",
    "{{ lipsum(n=200000) }}",
    "{{ 'a' | indent(width=300000000) }}",
    "{{ [1] | batch(300000000, 'x') | list }}",
    "{{ 1.5 | round(300000000) }}",
    "{{ 9 ** 9 ** 9 }}",
    "{% set ns = namespace(x='aaaa') %}{% for i in 'abcdefghij' %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    "{% set a = 'aaaaaaaaaa' %}" + "{% set a = a ~ a %}" * 30 + "{{ a }}",
    "{% set a = 'aaaaaaaaaa' %}" + "{% set a = [a, a] | join %}" * 30 + "{{ a }}",
    "{% set a = 'aaaaaaaaaa' %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * 30 + "{{ a }}",
    "{% set a = ['aaaaaaaaaa'] %}" + "{% set a = [a, a] %}" * 30 + "{{ a }}{{ a | upper }}",
    "{% set a = ['aaaaaaaaaa'] %}" + "{% set a = a + a %}" * 30 + "{{ a | length }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    '{% include "loop" %}',
    "{% for a in big %}{% for b in big %}{% for c in big %}xxxxxxxxxx{% endfor %}{% endfor %}{% endfor %}",
]


@pytest.mark.parametrize("source", BOMBS)
def test_a_template_cannot_grow_without_end(source: str) -> None:
    with pytest.raises((TemplateError, RecursionError)):
        write(source, big=list(range(1000)))


SPIES = [
    "{{ event.token }}",
    "{{ event['token'] }}",
    "{{ event.delete() }}",
    "{{ event.__class__ }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ ().__class__ }}",
    "{{ link.__globals__ }}",
    "{{ link.__init__.__globals__ }}",
    "{{ event | attr('token') }}",
    "{{ [event] | map(attribute='token') | first }}",
    "{{ [event] | map(attribute='token') | join }}",
    "{{ self.__init__ }}",
    "{{ loop._iterable }}",
    "{{ cycler.__init__ }}",
    "{{ story.items() }}",
    "{{ story.clear() }}",
    "{{ list.append(1) }}",
    "{{ event }}",
    "{{ story }}",
    "{{ '{0.token}'.format(event) }}",
    "{{ config }}",
    '{% include "../../etc/passwd" %}',
    '{% include "/etc/passwd" %}',
    "{% for g in [{'a': 1}] | groupby('a') %}{{ g.list }}{% endfor %}",
]


@pytest.mark.parametrize("source", SPIES)
def test_a_template_reads_data_only(source: str) -> None:
    with pytest.raises(TemplateError):
        write(source, event=Event(), story={"id": "x"}, list=[])


def test_a_template_cannot_change_what_it_is_given() -> None:
    values = {"id": "x", "tags": ["a"]}
    for source in ("{{ story.pop('id') }}", "{{ story.tags.append('b') }}", "{% do story %}"):
        with pytest.raises(TemplateError):
            write(source, story=values)
    assert values == {"id": "x", "tags": ["a"]}


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("{{ 2 * 3 + 1 - 4 }}", "3"),
        ("{{ story.items }}", "mine"),
        ("{% for a, b in pairs %}{{ a }}{{ b }}{{ loop.index }}{% endfor %}", "x11y22"),
        ("{{ names | map('upper') | sort | join('/') }}", "A/B"),
        ("{{ missing | default('none') }}", "none"),
        ("{{ names[0] }}{{ names[-1] }}{{ names[:1] | length }}", "ba1"),
        ("{{ 'x' if false }}", ""),
        ("{{ none }}", ""),
    ],
)
def test_what_cards_need_works(source: str, written: str) -> None:
    values = {"story": {"items": "mine"}, "pairs": [("x", 1), ("y", 2)], "names": ["b", "a"]}
    shown = write(source, **values)
    assert shown.translate({0xFDD0: None, 0xFDD1: None, ord("\\"): None}) == written


@pytest.mark.parametrize(
    "source", ["{{ missing }}", "{{ story.missing }}", "{{ names[9] }}", "{{ missing.x }}", "{{ missing + 1 }}"]
)
def test_what_does_not_exist_is_an_error(source: str) -> None:
    with pytest.raises(TemplateError, match=r"missing|9"):
        write(source, story={}, names=[])


def test_a_filter_block_would_change_escaped_text_and_is_refused() -> None:
    with pytest.raises(TemplateError, match="write the filter behind the value"):
        write("{% filter upper %}{{ x }}{% endfilter %}", x="a")


def test_the_limit_itself_is_allowed() -> None:
    assert sum(map(len, counted(["a"] * LONGEST))) == LONGEST
