"""Questions that mean harm, for tests and for bench/hostile.py; and where they are asked."""

PAGES = ("/search/", "/search/suggest/", "/api/v1/courses/", "/api/v1/search/", "/api/v1/search/suggestions/")
HOSTILE = {
    "long": "a" * 10_000,
    "long in signs": "学" * 10_000,
    "many words": " ".join(f"w{number}" for number in range(3_000)),
    "operators": "code & | ! <-> :* ( ) ' \" \\ code:AB",
    "quotes": "'; DROP TABLE courses_course; --",
    "wildcards": "%_%\\%__",
    "nul": "co\x00de",
    "control": "co\x01\x07\x1b[31mde\u2028\u2029\ufeff",
    "emoji": "🎨👩‍👩‍👧‍👦🏳️‍🌈",
    "right to left": "\u202eedoc\u202c שלום مرحبا",
    "combining": "Z̸̡̢̛̭͍̈́̿a" + "\u0301" * 5_000,
    "expression": "(a+)+$" * 50 + "((((((((((.*)*)*)*)*)*)*)*)*",
    "stop words": "the of and to in",
    "half a pair": "\udcff code",
    "full width": "ＣＯＤＥ",
    "digits": "9" * 200,
    "only marks": "!?…——《》",
    "tier": "=0",
    "hottest and many": " ".join(["the"] * 50 + ["code"] * 2_000),
    "halves": "co*de co%de co_de c?de",
    "one sign": "学",
    "slips": " ".join(f"cdoe{number} nad{number} mroe{number}" for number in range(30)),
    "mixed": "code学code习" * 500,
    "template": "{{ 7|add:7 }}{% load x %}<script>alert(1)</script>",
}
