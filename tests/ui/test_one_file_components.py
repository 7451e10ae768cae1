"""A component is one file: dropped into a directory it can be called, and a wrong call says what is wrong."""

from pathlib import Path

import pytest
from django.template import Context, Template, TemplateSyntaxError

from shaar.ui import registry
from shaar.ui.component import ComponentError, read

FILE = """---
A greeting,
for tests.

name: text — who is greeted
tone: warm | cold = warm — how
times: number = 1 — how often
content: slot = "" — what follows
---
<p class="greet greet--{{ tone }}">{{ name }} × {{ times }}{{ content }}</p>

<example title="Plain">
{% c "greeting" name="Айгүл" %}!{% endc %}
</example>

<style lang="scss">
.greet { color: green; }
</style>
"""


@pytest.fixture
def greeting(tmp_path: Path) -> Path:
    path = tmp_path / "greeting.html"
    path.write_text(FILE, encoding="utf-8")
    return path


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_a_file_dropped_in_a_directory_is_a_component(greeting: Path) -> None:
    with registry.also(greeting.parent):
        shown = render(
            '{% c "greeting" name=who tone="cold" times=2 %} <b>{{ who }}</b>{% endc %}', who="<Б>"
        )
        assert shown == '<p class="greet greet--cold">&lt;Б&gt; × 2 <b>&lt;Б&gt;</b></p>'
        found = registry.find("greeting")
        assert found.about == "A greeting, for tests."
        assert found.style == ".greet { color: green; }"
        assert "Айгүл" in render(found.examples[0].source)
    with pytest.raises(ComponentError, match="greeting"):
        registry.find("greeting")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            '{% c "greeting" name="a" colour="red" %}{% endc %}',
            "greeting.html: there is no parameter 'colour'",
        ),
        ("{% c 'greeting' tone='warm' %}{% endc %}", "greeting.html: the parameter 'name' is missing"),
        ('{% c "greeting" name="a" tone="hot" %}{% endc %}', "'tone' takes warm | cold, not 'hot'"),
        ('{% c "greeting" "a" %}{% endc %}', "is not name=value"),
        ('{% c "nothing" %}', "there is no component 'nothing'"),
        ("{% c greeting %}", "in quotes"),
        ('{% c "greeting" name="a" %}', "endc"),
    ],
)
def test_a_wrong_call_is_refused_when_the_template_is_compiled(
    greeting: Path, call: str, message: str
) -> None:
    with (
        registry.also(greeting.parent),
        pytest.raises(TemplateSyntaxError, match=message.replace("|", r"\|")),
    ):
        Template("{% load ui %}" + call)


def test_a_value_of_a_wrong_type_is_refused_when_it_is_shown(greeting: Path) -> None:
    with registry.also(greeting.parent), pytest.raises(ComponentError, match="'times' takes number"):
        render('{% c "greeting" name="a" times=words %}{% endc %}', words="many")


def test_a_component_does_not_see_the_page_around_it(tmp_path: Path) -> None:
    (tmp_path / "nosy.html").write_text(
        '---\nLooks around.\n---\n{{ secret|default:"nothing" }}\n\n<example title="x">\ny\n</example>\n'
    )
    with registry.also(tmp_path), pytest.raises(Exception, match="secret"):
        render('{% c "nosy" %}', secret="page")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<p>no header</p>", "starts with a header"),
        ("---\nA.\n\nname: wish — x\n---\n", "unknown type 'wish'"),
        ("---\nA.\n\nname text\n---\n", "is not “name: type = default — meaning”"),
        ('---\nA.\n\nname: number = "x" — y\n---\n', "default of 'name' is not of its type"),
        ("---\nA.\n---\n<p></p>\n", "at least one example"),
    ],
)
def test_a_broken_file_says_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "broken.html"
    path.write_text(text)
    with pytest.raises(ComponentError, match=message):
        read(path)


def test_two_components_of_one_name_are_refused(greeting: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "greeting.html").write_text(FILE, encoding="utf-8")
    with registry.also(greeting.parent), pytest.raises(ComponentError, match="same name"):
        registry.load(other)
