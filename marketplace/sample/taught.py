"""What the sample's courses teach, by title: skills by their slugs, each with its level."""

from courses.models import Skill, TaughtSkill, Version

TAUGHT = {
    "Python from an empty file": {"python": 1},
    "Django for people with an idea": {"web-services": 2, "python": 2, "databases-sql": 1},
    "SQL that you can read aloud": {"databases-sql": 2},
    "Git in one quiet afternoon": {"version-control": 1},
    "Statistics for decisions": {"statistics": 2},
    "Charts that tell the truth": {"data-pictures": 2, "statistics": 1},
    "Language models for working people": {"working-with-ai": 1},
    "Window light": {"light": 1, "photography": 1},
    "Food photographs for a small restaurant": {"photography": 2, "light": 2},
    "Editing with restraint": {"film-editing": 2, "storytelling": 1},
    "A dovetail box by hand": {"woodworking": 2},
    "Repairing old chairs": {"woodworking": 2, "home-repair": 2},
    "Selling what you make": {"starting-a-shop": 1, "pricing-costs": 1},
    "Bookkeeping for one-person companies": {"bookkeeping": 2, "pricing-costs": 1},
    "Phone video for shop owners": {"short-video-marketing": 1, "film-editing": 1},
    "机器学习入门：从一张散点图开始": {"machine-learning": 1, "statistics": 1},
    "推荐系统是怎样工作的": {"machine-learning": 2},
    "Python 数据分析三周练": {"python": 2, "data-pictures": 1},
    "微积分与代码：看得见的变化率": {"python": 1},
    "乡村直播第一课：一部手机开播": {"live-selling": 1},
    "农产品从地头到快递": {"starting-a-shop": 2, "customer-service": 1},
    "账要算清：小生意记账课": {"bookkeeping": 1, "pricing-costs": 2},
    "果树的一年：柑橘种植管理": {"fruit-trees": 2},
    "染一块蓝：植物染基础": {"textiles": 1},
    "零基础说中文：三十个生活场景": {"chinese": 1},
    "不紧张的公开演讲": {"public-speaking": 2},
    "面试这样准备": {"public-speaking": 1},
    "读懂合同里的中文": {"chinese": 3},
}


def teach(version: Version) -> None:
    """What the course of this title teaches, if it is one of these."""
    taught = TAUGHT.get(version.title, {})
    skills = {skill.slug: skill for skill in Skill.objects.filter(slug__in=taught)}
    TaughtSkill.objects.put(
        version, {skills[slug]: level for slug, level in taught.items()}, by=version.course.creator.user
    )
