"""Two quizzes and two articles of the sample, written to be read: with code, formulas, and reasons for each answer."""

from dataclasses import dataclass
from typing import Any

from courses import quiz_writing
from courses.models import Section


@dataclass(frozen=True)
class SampleQuiz:
    title: str
    rules: dict[str, Any]
    questions: tuple[tuple[str, dict[str, Any]], ...]


def _options(*rows: tuple[str, bool, str]) -> list[dict[str, Any]]:
    return [{"text": text, "is_right": is_right, "explanation": why} for text, is_right, why in rows]


def _order(*lines: str) -> list[dict[str, Any]]:
    return [{"text": line} for line in lines]


# By the title of the course: the text of its article.
ARTICLES = {
    "Python from an empty file": r"""## A loop that adds

The sum of the first whole numbers has a formula that Gauss is said to have found at school:

$$
1 + 2 + \dots + n = \sum_{k=1}^{n} k = \frac{n(n+1)}{2}
$$

A program need not know it. It can add one number after another:

```python
def total(n):
    result = 0
    for k in range(1, n + 1):
        result = result + k
    return result

print(total(100))  # 5050
```

Both ways must agree. For $n = 100$ the formula gives $\frac{100 \cdot 101}{2} = 5050$, and so does the loop. When two
ways that have nothing in common agree, it is hard to be wrong.

## Try it

1. Change `range(1, n + 1)` to `range(1, n)`. Which number is missing now, and why?
2. Write `squares(n)`, which adds $k^2$. Check it with $\frac{n(n+1)(2n+1)}{6}$.
3. How many turns does the loop take for `total(0)`?

## Answers

- The last one: a range stops **before** its end.
- Only one line changes: `result = result + k * k`.
- None. `range(1, 1)` is empty, and the result stays 0.
""",
    "机器学习入门：从一张散点图开始": r"""## 误差有多大

一条直线 $\hat{y} = wx + b$ 画在散点图上，每个点都有一段误差。把误差平方以后取平均，就是**均方误差**：

$$
L(w, b) = \frac{1}{n} \sum_{i=1}^{n} \left(y_i - (w x_i + b)\right)^2
$$

平方有两个好处：正负误差不会互相抵消；大的误差被罚得更重。

## 用代码算一遍

```python
points = [(1, 2), (2, 3), (3, 5)]

def loss(w, b):
    errors = [y - (w * x + b) for x, y in points]
    return sum(e ** 2 for e in errors) / len(points)

print(round(loss(1.5, 0.33), 3))  # 0.056
```

## 练习

1. 把 `w` 改成 1，`loss` 变大还是变小？
2. 如果有一个点记错了，比如 $(3, 50)$，均方误差会怎样？

## 答案

- 变大：直线变平，离后两个点更远。
- 会变得非常大。均方误差对离群点很敏感，所以先看图，再训练。
""",
}

QUIZZES = {
    "Python from an empty file": SampleQuiz(
        "Check yourself: loops and functions",
        {
            "intro": "Eight of nine questions, no clock. Paper is allowed, running the code is not.",
            "pass_percent": 70,
            "draws": {"reading code": 2},
        },
        (
            ("single", {
                "text": "Which numbers does `range(1, 4)` give?",
                "options": _options(
                    ("1, 2, 3", True, "It begins with its first number and stops before its second."),
                    ("1, 2, 3, 4", False, "A range stops before its end."),
                    ("0, 1, 2, 3", False, "That is range(4)."),
                    ("2, 3", False, "The beginning belongs to it."),
                ),
                "explanation": "The end is left out, so that `range(1, n)` and `range(n, m)` fit together without a seam.",
            }),
            ("multiple", {
                "text": "Which of these are true of a function?",
                "options": _options(
                    ("It can be called many times", True, "That is what it is for."),
                    ("It may give a value back with `return`", True, "Without return it gives None."),
                    ("It runs as soon as it is defined", False, "Defining only remembers it; calling runs it."),
                    ("Names inside it are seen outside", False, "They are its own."),
                ),
            }),
            ("number", {
                "text": "What does this print?", "pool": "reading code", "number": "6",
                "code": "result = 0\nfor k in range(4):\n    result = result + k\nprint(result)",
                "explanation": "0 + 1 + 2 + 3 = 6.",
            }),
            ("text", {
                "text": "Which word is printed last?", "pool": "reading code", "accepted": ["two"],
                "code": 'names = ["one", "two", "three"]\nfor name in names:\n    if name == "three":\n        break\n    print(name)',
                "explanation": "`break` leaves the loop before “three” is printed.",
            }),
            ("single", {
                "text": "What happens here?", "pool": "reading code",
                "code": "def double(x):\n    x * 2\n\nprint(double(4))",
                "options": _options(
                    ("It prints None", True, "The product is worked out and thrown away: return is missing."),
                    ("It prints 8", False, "It would with `return x * 2`."),
                    ("It stops with an error", False, "Every line is allowed; it only does not do what was meant."),
                ),
            }),
            ("lines", {
                "text": "`total(3)` should be 6, and it is 3. Which line is at fault?", "lines": "3",
                "code": "def total(n):\n    result = 0\n    for k in range(1, n):\n        result = result + k\n    return result",
                "explanation": "`range(1, n)` stops before `n`, so the last number is never added.",
            }),
            ("output", {
                "text": "What does this print, line by line?", "output": "1\n12\n123",
                "code": 'row = ""\nfor k in range(1, 4):\n    row = row + str(k)\n    print(row)',
                "explanation": "Each turn puts one more number at the end, and the whole row is printed again.",
            }),
            ("order", {
                "text": "You meet an error message. What do you do first, next, last?",
                "options": _order("Read its last line", "Go to the line that it names", "Guess one cause", "Change one thing and run it again"),
                "explanation": "One change at a time: only then you know what it was.",
            }),
            ("number", {
                "text": r"What is $\frac{n(n+1)}{2}$ for $n = 10$?", "number": "55",
                "explanation": r"$\frac{10 \cdot 11}{2} = 55$.",
            }),
        ),
    ),
    "机器学习入门：从一张散点图开始": SampleQuiz(
        "自测：误差、训练与验证",
        {"intro": "五道题，最多做三次，每次之间等十分钟。", "pass_percent": 60, "attempts": 3, "wait_minutes": 10},
        (
            ("single", {
                "text": "训练误差一直下降，验证误差却开始上升，这说明什么？",
                "options": _options(
                    ("模型开始过拟合", True, "它在记住训练数据，而不是学到规律。"),
                    ("学习率太小", False, "学习率太小时，两条曲线都会下降得很慢。"),
                    ("数据太多了", False, "数据多通常会减轻过拟合。"),
                ),
                "explanation": "验证集没有参加训练，它的误差才像将来遇到的新数据。",
            }),
            ("multiple", {
                "text": "下面哪些做法能减轻过拟合？",
                "options": _options(
                    ("收集更多数据", True, "规律更清楚，偶然更少。"),
                    ("用更简单的模型", True, "它没有余地去记住噪声。"),
                    ("把验证集也拿来训练", False, "那样就再也看不出过拟合了。"),
                    ("提前停止训练", True, "在验证误差最低的地方停下。"),
                ),
            }),
            ("number", {
                "text": r"三个点的误差是 $1$、$-2$、$1$，均方误差是多少？", "number": "2", "tolerance": "0.01",
                "explanation": r"$\frac{1^2 + (-2)^2 + 1^2}{3} = \frac{6}{3} = 2$。",
            }),
            ("text", {
                "text": "训练时从来不用、只在最后用一次的那部分数据叫什么？", "accepted": ["测试集", "测试数据", "test set"],
                "explanation": "测试集用过一次以后，就不再是没见过的数据了。",
            }),
            ("order", {
                "text": "按先后排好一次小预测的步骤。",
                "options": _order("画出散点图", "划分训练集和验证集", "训练模型", "看验证误差"),
                "explanation": "先看数据再动手：很多错误在图上一眼就能看出来。",
            }),
        ),
    ),
}  # fmt: skip


def write_quiz(section: Section, course_title: str) -> None:
    """The quiz of this course, if it has one, at the end of the section."""
    plan = QUIZZES.get(course_title)
    if plan is None:
        return
    lesson = section.add_lesson(plan.title, "quiz")
    for kind, told in plan.questions:
        quiz_writing.add_question(lesson, kind, told)
    quiz_writing.change_rules(lesson, plan.rules)
