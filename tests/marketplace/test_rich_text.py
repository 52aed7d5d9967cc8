"""Formulas and pictures in creators' texts: drawn by the server, and nothing gets through with them."""

import pytest

from marketplace.lib import formulas, markdown
from marketplace.lib.markdown import Picture

ID = "01234567-89ab-cdef-0123-456789abcdef"
KNOWN = {ID: Picture("/lessons/x/pictures/y/", 800, 600)}


def test_a_formula_becomes_mathml() -> None:
    html = markdown.render_rich(r"Euler: $e^{i\pi}+1=0$.")
    assert '<math display="inline">' in html
    assert "<msup><mi>e</mi>" in html
    assert '<math display="block">' in markdown.render_rich("$$\n\\frac{a}{b}\n$$")


def test_prices_are_no_formulas() -> None:
    assert "math" not in markdown.render_rich("It costs $5 and $6, or $7 to $8 a month.")


def test_code_keeps_its_dollars_and_can_be_reached_by_keyboard() -> None:
    html = markdown.render_rich('```python\nprint("$a$ <b>")\n```')
    assert html.startswith('<pre tabindex="0"><code class="language-python">print("$a$ &lt;b&gt;")')


@pytest.mark.parametrize(
    "source",
    [r"\frac{", "{" * 3000 + "x" + "}" * 3000, "x" * 5000, r"\begin{aligned} a &= b \end{aligned}", "^" * 900,
     r"\text{<script>alert(1)</script>}", r"\text{<img src=x onerror=alert(1)>}"],
)  # fmt: skip
def test_what_is_no_formula_stays_as_it_was_written(source: str) -> None:
    html = formulas.mathml(source, is_block=True)
    assert html.startswith("<code>")
    assert "<script" not in html
    assert "<img" not in html


@pytest.mark.parametrize(
    "source",
    [
        r"$\href{javascript:alert(1)}{x}$",
        r"$\color{red;background:url(//evil)}{x}$",
        r"$\text{</math><script>alert(1)</script>}$",
        r"$\class{x}{y} \style{background:red}{y}$",
        "<script>alert(1)</script> <img src=x onerror=alert(1)> <math><mi href='javascript:1'>x</mi></math>",
        "[x](javascript:alert(1)) ![x](javascript:alert(1)) ![x](https://evil.example/a.png)",
        f'![" onerror="alert(1)](picture:{ID})',
    ],
)
def test_nothing_gets_through_with_them(source: str) -> None:
    html = markdown.render_rich(source, KNOWN)
    for mark in ("<script", "<img src=x", 'href="javascript', "url(", "evil.example/a", ' onerror="', "style="):
        assert mark not in html


def test_a_picture_of_ours_is_shown_and_every_other_leaves_its_words() -> None:
    html = markdown.render_rich(f"![A bowl](picture:{ID}) ![gone](picture:{ID[:-1]}0) ![x](/media/a.png)", KNOWN)
    assert '<img src="/lessons/x/pictures/y/" alt="A bowl" width="800" height="600" loading="lazy">' in html
    assert html.count("<img") == 1
    assert "gone" in html


def test_a_description_is_words_alone() -> None:
    assert markdown.render(f"$a^2$ ![A bowl](picture:{ID})") == "<p>$a^2$ </p>\n"
