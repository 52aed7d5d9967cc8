"""How good are search's answers, beside what Postgres does by itself?

    python bench/search_quality.py [--missed]

The public test set (tests/discovery/questions.toml) is asked three ways in one run: Kezhan's search, `ILIKE` over
titles and lessons, and `to_tsvector('simple')` of them. recall@10 and nDCG@10 by kind of question, plain means.
"""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.stage import own_servers, say

_TEXT = """(SELECT c.id, c.learners_count, c.title || ' ' || c.subtitle || ' ' || string_agg(l.title, ' ') AS text
    FROM courses_course c JOIN courses_lesson l ON l.version_id = c.live_version_id GROUP BY c.id) t"""
_ILIKE = f"SELECT id FROM {_TEXT} WHERE text ILIKE '%%' || %s || '%%' ORDER BY learners_count DESC LIMIT 10"
_VECTOR = f"""SELECT id FROM {_TEXT}, plainto_tsquery('simple', %s) q WHERE to_tsvector('simple', text) @@ q
    ORDER BY ts_rank(to_tsvector('simple', text), q) DESC LIMIT 10"""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--missed", action="store_true", help="name the questions that were not answered whole")
    options = asked.parse_args()
    with own_servers():
        from django.db import connection

        from courses.models import Course
        from discovery.asking import matching
        from tests.discovery import corpus

        def ours(question: str) -> list[int]:
            return list(matching(Course.objects.on_sale(), question).values_list("pk", flat=True)[: corpus.FIRST])

        def by(sql: str) -> corpus.Answers:
            def answers(question: str) -> list[int]:
                with connection.cursor() as cursor:
                    cursor.execute(sql, [question])
                    return [pk for (pk,) in cursor.fetchall()]

            return answers

        judged = corpus.load()
        say("".join(f"{kind}: {len(questions)} questions   " for kind, questions in judged.items()))
        for way, answers in (("Kezhan", ours), ("ILIKE", by(_ILIKE)), ("to_tsvector", by(_VECTOR))):
            began, line, missed = time.perf_counter(), f"{way:12}", []
            for kind, questions in judged.items():
                found = {question: answers(question) for question in questions}
                recall = corpus.mean(corpus.recall(found[q], right) for q, right in questions.items())
                gain = corpus.mean(corpus.ndcg(found[q], right) for q, right in questions.items())
                missed += [q for q, right in questions.items() if corpus.recall(found[q], right) < 1]
                line += f"   {kind:5} recall@10 {recall:.3f} nDCG@10 {gain:.3f}"
            each = 1000 * (time.perf_counter() - began) / sum(map(len, judged.values()))
            say(f"{line}   {each:.1f} ms a question")
            if options.missed:
                say("   missed: " + ", ".join(missed))


if __name__ == "__main__":
    main()
