"""Texts are found wherever they stand, and Hangul where it does not belong."""

import pytest

from config.extraction import (
    Key,
    Message,
    hangul_of_code,
    hangul_of_template,
    messages_of_code,
    messages_of_house,
    messages_of_template,
    strays_of_house,
)


def in_template(source):
    return [message for _line, message in messages_of_template(source)]


def in_code(source):
    return [message for _line, message in messages_of_code(source)]


def one(singular, plural=None, context=None):
    return [Message(Key(context, singular), plural)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{% translate "My dong" %}', one("My dong")),
        ("{% translate 'My dong' as title %}", one("My dong")),
        ('{% translate "May" context "month" %}', one("May", context="month")),
        ('{% translate "Residents\' day" %}', one("Residents' day")),
        ('{% translate "100% sure" %}', one("100%% sure")),
        ('{{ _("Dong") }}', one("Dong")),
        ('{{ value|default:_("none") }}', one("none")),
        ('{% include "x.html" with title=_("Title") %}', one("Title")),
        ("{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}", one("Hello %(name)s")),
        ("{% blocktranslate trimmed %}\n  one\n  two\n{% endblocktranslate %}", one("one two")),
        (
            "{% blocktranslate count n=items|length %}{{ n }} item{% plural %}{{ n }} items{% endblocktranslate %}",
            one("%(n)s item", "%(n)s items"),
        ),
        (
            '{% blocktranslate trimmed context "people" count n=x %}\none\n{% plural %}\nmany\n{% endblocktranslate %}',
            one("one", "many", "people"),
        ),
        ('{% comment %}{% translate "no" %}{% endcomment %}', []),
        ('{# {% translate "no" %} #}<p class="gettext(\'no\')">plain gettext("no")</p>', []),
        ("{% if _('x') %}{% endif %}", one("x")),
    ],
)
def test_each_tag_of_a_template_is_read(source, expected):
    assert in_template(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('from django.utils.translation import gettext as _\n_("a")', one("a")),
        ('from django.utils.translation import gettext_lazy as _l\n_l("a " \n "b")', one("a b")),
        (
            'from django.utils.translation import ngettext\nngettext("%(n)s a", "%(n)s as", n)',
            one("%(n)s a", "%(n)s as"),
        ),
        (
            'from django.utils.translation import pgettext_lazy\npgettext_lazy("month", "May")',
            one("May", context="month"),
        ),
        (
            'from django.utils.translation import npgettext as n\nn("people", "one", "many", 2)',
            one("one", "many", "people"),
        ),
        ('from django.utils import translation\ntranslation.gettext("a")', one("a")),
        ('from django.utils.translation import gettext as _\n_(word)\n_("")', []),
        ('def _(text): return text\n_("not ours")', []),
        ('from django.utils.translation import gettext as _\n_("a") % {"b": _("c")}', one("a") + one("c")),
    ],
)
def test_each_call_in_code_is_read(source, expected):
    assert in_code(source) == expected


def test_lines_are_those_of_the_source():
    found = list(messages_of_template("<p>\n{# note #}\n{% blocktranslate trimmed %}\n a\n{% endblocktranslate %}\n"))
    assert [line for line, _message in found] == [3]
    assert [line for line, _m in messages_of_template('<p>\n\n{% translate "a" %}')] == [3]


def test_a_block_tag_inside_of_a_text_is_an_error_with_the_name_of_the_file():
    with pytest.raises(SyntaxError, match=r"page\.html"):
        list(messages_of_template("{% blocktranslate %}{% if x %}{% endif %}{% endblocktranslate %}", "page.html"))


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("<p>\n투표</p>", [2]),
        ("{{ name|default:'없음' }}", [1]),
        ('{% include "x.html" with title="제목" %}', [1]),
        ("{# 설명 #}{% comment %}설명{% endcomment %}", []),
        ('{% translate "for example 행정동" %}{% blocktranslate %}예: 행정동{% endblocktranslate %}', []),
        ("<p>vote</p>", []),
    ],
)
def test_hangul_in_templates(source, lines):
    assert [line for line, _text in hangul_of_template(source)] == lines


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('x = "투표"', [1]),
        ('x = f"{n}명"', [1]),
        ('"""투표 마감."""\n# 투표\n"투표"\n', []),
        ('from django.utils.translation import gettext as _\nx = _("for example 행정동")', []),
        ('x = "투표"  # korean: a word of the law', []),
        ('x = "투표"  # korean:', [1]),
        ('# korean file: the alphabet\nx = "ㄱ"\ny = "ㄴ"', []),
        ('x = "# korean file: the alphabet 투표"', [1]),
    ],
)
def test_hangul_in_code(source, lines):
    assert [line for line, _text in hangul_of_code(source)] == lines


def test_a_house_is_read_whole_and_the_demo_town_may_speak_korean(tmp_path):
    files = {
        "templates/page.html": '{% translate "page" %}제목',
        "portal/templates/portal/mail.txt": '{% translate "mail" %}',
        "portal/views.py": 'from django.utils.translation import gettext as _\n_("view")\ntitle = "제목"',
        "portal/migrations/0001_initial.py": 'from django.utils.translation import gettext as _\n_("no")\nx = "제목"',
        "tests/test_x.py": 'x = "제목"',
        "demo/town.py": 'from django.utils.translation import gettext as _\n_("town")\nx = "제목"',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert {found.message.key.singular for found in messages_of_house(tmp_path)} == {"page", "mail", "view", "town"}
    assert [(stray.path, stray.line) for stray in strays_of_house(tmp_path)] == [
        ("templates/page.html", 1),
        ("portal/views.py", 3),
    ]
