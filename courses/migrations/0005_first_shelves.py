"""The first shelves, and the first skills on each."""

from django.db import migrations

SHELVES = [
    ("programming", "Programming", "编程"),
    ("design", "Design", "设计"),
    ("data-ai", "Data and AI", "数据与人工智能"),
    ("business", "Business and live commerce", "商业与直播电商"),
    ("languages", "Languages", "语言"),
    ("photography-film", "Photography and film", "摄影与影视"),
    ("crafts-heritage", "Crafts and heritage", "手艺与非遗"),
    ("farming-life", "Farming and life skills", "农技与生活"),
]
# What is taught there is out of date soon.
FAST = ("programming", "data-ai")
SKILLS = {
    "programming": [
        ("python", "Python", "Python 编程"),
        ("web-pages", "Web pages", "网页制作"),
        ("web-services", "Web services", "网站后端开发"),
        ("databases-sql", "Databases and SQL", "数据库与 SQL"),
        ("version-control", "Version control", "版本管理"),
        ("apps-for-phones", "Apps for phones", "手机应用开发"),
        ("testing-software", "Testing software", "软件测试"),
    ],
    "design": [
        ("type-and-layout", "Type and layout", "字体与版式"),
        ("color", "Color", "配色"),
        ("interface-design", "Interface design", "界面设计"),
        ("drawing", "Drawing", "绘画"),
        ("brand-design", "Brand design", "品牌设计"),
        ("three-dimensions", "Modeling in three dimensions", "三维建模"),
    ],
    "data-ai": [
        ("spreadsheets", "Spreadsheets", "电子表格"),
        ("statistics", "Statistics", "统计"),
        ("data-pictures", "Pictures of data", "数据可视化"),
        ("machine-learning", "Machine learning", "机器学习"),
        ("working-with-ai", "Working with AI", "与 AI 协作"),
    ],
    "business": [
        ("live-selling", "Selling live", "直播带货"),
        ("short-video-marketing", "Marketing by short video", "短视频营销"),
        ("pricing-costs", "Prices and costs", "定价与成本"),
        ("bookkeeping", "Bookkeeping", "记账"),
        ("customer-service", "Serving customers", "客户服务"),
        ("starting-a-shop", "Starting a shop", "开店"),
        ("project-management", "Managing projects", "项目管理"),
    ],
    "languages": [
        ("english", "English", "英语"),
        ("chinese", "Chinese", "汉语"),
        ("japanese", "Japanese", "日语"),
        ("spanish", "Spanish", "西班牙语"),
        ("public-speaking", "Speaking in public", "公众表达"),
        ("writing", "Writing", "写作"),
    ],
    "photography-film": [
        ("photography", "Photography", "摄影"),
        ("light", "Working with light", "用光"),
        ("film-editing", "Editing film", "视频剪辑"),
        ("sound-recording", "Recording sound", "录音"),
        ("storytelling", "Telling a story in pictures", "影像叙事"),
    ],
    "crafts-heritage": [
        ("pottery", "Pottery", "陶艺"),
        ("woodworking", "Woodworking", "木工"),
        ("textiles", "Textiles and dyeing", "织染"),
        ("paper-cutting", "Paper cutting", "剪纸"),
        ("calligraphy", "Calligraphy", "书法"),
        ("lacquer", "Lacquer", "漆艺"),
    ],
    "farming-life": [
        ("growing-vegetables", "Growing vegetables", "种菜"),
        ("fruit-trees", "Fruit trees", "果树栽培"),
        ("beekeeping", "Beekeeping", "养蜂"),
        ("cooking", "Cooking", "烹饪"),
        ("baking", "Baking", "烘焙"),
        ("home-repair", "Repairs at home", "家居维修"),
    ],
}


def add(apps, schema_editor):
    category, skill = apps.get_model("courses", "Category"), apps.get_model("courses", "Skill")
    for place, (slug, name_en, name_zh) in enumerate(SHELVES):
        names = {"name_en": name_en, "name_zh": name_zh, "position": place, "is_fast_moving": slug in FAST}
        shelf, _made = category.objects.get_or_create(slug=slug, defaults=names)
        for position, (skill_slug, skill_en, skill_zh) in enumerate(SKILLS[slug]):
            names = {"name_en": skill_en, "name_zh": skill_zh, "position": position, "category": shelf}
            skill.objects.get_or_create(slug=skill_slug, defaults=names)


class Migration(migrations.Migration):
    replaces = [("courses", "0003_categories")]
    dependencies = [
        ("courses", "0004_likeness"),
    ]
    operations = [
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
