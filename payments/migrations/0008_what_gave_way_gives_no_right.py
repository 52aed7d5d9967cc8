"""An item whose right went with another part of its price bars no new purchase; that is said by a column of its own.

Built while orders are placed and paid: the rule on rights is there before the one that it replaces goes.
"""

from django.db import migrations, models

NEW = (
    "CREATE UNIQUE INDEX CONCURRENTLY one_standing_gives_the_right ON payments_orderitem (buyer_id, course_id)"
    " WHERE granted_at IS NOT NULL AND refunded_at IS NULL AND NOT follows AND NOT gave_way"
)
BACK = [
    "DROP INDEX one_item_gives_the_right",
    "CREATE UNIQUE INDEX one_item_gives_the_right ON payments_orderitem (buyer_id, course_id)"
    " WHERE granted_at IS NOT NULL AND refunded_at IS NULL AND NOT follows",
]
# First parts whose right had ended with another one were told apart by the column of later parts.
TOLD_APART = """
UPDATE payments_orderitem i SET gave_way = true, follows = (o.part > 1)
  FROM payments_order o WHERE o.id = i.order_id AND o.plan_id IS NOT NULL
   AND EXISTS (SELECT 1 FROM payments_orderitem f JOIN payments_order p ON p.id = f.order_id
                WHERE p.plan_id = o.plan_id AND p.part = 1 AND f.follows)
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("payments", "0007_the_clock_of_plans")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint(model_name="orderitem", name="one_item_gives_the_right"),
                migrations.AddConstraint(
                    model_name="orderitem",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(
                            ("follows", False),
                            ("gave_way", False),
                            ("granted_at__isnull", False),
                            ("refunded_at", None),
                        ),
                        fields=("buyer", "course"),
                        name="one_item_gives_the_right",
                    ),
                ),
            ],
            database_operations=[
                # There already, and not valid, where a build was cut short.
                migrations.RunSQL(
                    "DROP INDEX CONCURRENTLY IF EXISTS one_standing_gives_the_right", migrations.RunSQL.noop
                ),
                migrations.RunSQL(NEW, migrations.RunSQL.noop),
                migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS one_item_gives_the_right", migrations.RunSQL.noop),
                migrations.RunSQL("ALTER INDEX one_standing_gives_the_right RENAME TO one_item_gives_the_right", BACK),
                migrations.RunSQL(TOLD_APART, "UPDATE payments_orderitem SET follows = true WHERE gave_way"),
            ],
        ),
    ]
