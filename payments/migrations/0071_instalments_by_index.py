"""Orders are found by their plan, one order of a plan is open at a time, and a later part gives no second right.

Built while orders are placed and paid: the rule on rights is there before the one that it replaces goes.
"""

from django.db import migrations, models

INDEXES = {
    "one_open_order_a_plan": "UNIQUE INDEX CONCURRENTLY one_open_order_a_plan ON payments_order (plan_id)"
    " WHERE state = 'pending'",
    "order_of_plan": "INDEX CONCURRENTLY order_of_plan ON payments_order (plan_id, part) WHERE plan_id IS NOT NULL",
    "one_first_gives_the_right": "UNIQUE INDEX CONCURRENTLY one_first_gives_the_right ON payments_orderitem"
    " (buyer_id, course_id) WHERE granted_at IS NOT NULL AND refunded_at IS NULL AND NOT follows",
}
BACK = [
    "DROP INDEX one_open_order_a_plan",
    "DROP INDEX order_of_plan",
    "DROP INDEX one_item_gives_the_right",
    "CREATE UNIQUE INDEX one_item_gives_the_right ON payments_orderitem (buyer_id, course_id)"
    " WHERE granted_at IS NOT NULL AND refunded_at IS NULL",
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("payments", "0070_instalments")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint(
                    model_name="orderitem",
                    name="one_item_gives_the_right",
                ),
                migrations.AddConstraint(
                    model_name="orderitem",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("follows", False), ("granted_at__isnull", False), ("refunded_at", None)),
                        fields=("buyer", "course"),
                        name="one_item_gives_the_right",
                    ),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(
                        condition=models.Q(("plan__isnull", False)), fields=["plan", "part"], name="order_of_plan"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state", "pending")), fields=("plan",), name="one_open_order_a_plan"
                    ),
                ),
            ],
            database_operations=[
                # There already, and not valid, where a build was cut short.
                *(
                    migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", migrations.RunSQL.noop)
                    for name in INDEXES
                ),
                *(migrations.RunSQL(f"CREATE {index}", migrations.RunSQL.noop) for index in INDEXES.values()),
                migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS one_item_gives_the_right", migrations.RunSQL.noop),
                migrations.RunSQL("ALTER INDEX one_first_gives_the_right RENAME TO one_item_gives_the_right", BACK),
            ],
        ),
    ]
