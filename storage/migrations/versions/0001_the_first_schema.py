"""the first schema"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("group_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.Text(), server_default="", nullable=False),
        sa.Column("reachable", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("group_id", "platform", "account", "user_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("accounts_of_person", "accounts", ["person_id", "group_id"], unique=False)
    op.create_table(
        "chats",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.Text(), server_default="", nullable=False),
        sa.Column("group_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reachable", sa.Integer(), server_default="1", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("bound_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("platform", "account", "chat_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("chats_of_group", "chats", ["group_id"], unique=False)
    op.create_table(
        "checkins",
        sa.Column("group_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("by_person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("group_id", "day", "person_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("checkins_of_person", "checkins", ["group_id", "person_id", "day"], unique=False)
    op.create_table(
        "days",
        sa.Column("group_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), server_default="", nullable=False),
        sa.Column("item", sa.Text(), server_default="", nullable=False),
        sa.Column("number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("minutes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("checked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("studied", sa.Integer(), server_default="0", nullable=False),
        sa.Column("pushed_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("reminded_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("closed_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("group_id", "day"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "dead_letters",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "due",
        sa.Column("group_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("group_id", "kind", "key"),
        sqlite_with_rowid=False,
    )
    op.create_index("due_at", "due", ["at"], unique=False)
    op.create_table(
        "events",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("platform", "account", "event_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("events_at", "events", ["at"], unique=False)
    op.create_table(
        "groups",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("paused", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_item", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "installation",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "items",
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("media", sa.Text(), nullable=True),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("pack", "key"),
        sqlite_with_rowid=False,
    )
    op.create_index("items_in_order", "items", ["pack", "position"], unique=False)
    op.create_table(
        "lanes",
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("alive_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("lane"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "leaves",
        sa.Column("group_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("from_day", sa.Text(), nullable=False),
        sa.Column("to_day", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("group_id", "person_id", "from_day"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "members",
        sa.Column("group_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("last_day", sa.Text(), server_default="", nullable=False),
        sa.Column("streak", sa.Integer(), server_default="0", nullable=False),
        sa.Column("best_streak", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("joined_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("left_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("group_id", "person_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("members_of_person", "members", ["person_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("group_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.Text(), server_default="", nullable=False),
        sa.Column("is_group", sa.Integer(), server_default="1", nullable=False),
        sa.Column("person_id", sa.BigInteger(), server_default="0", autoincrement=False, nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before", sa.BigInteger(), server_default="0", autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("done_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", "group_id"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "outbox_done",
        "outbox",
        ["done_at"],
        unique=False,
        sqlite_where=sa.text("state = 'sent'"),
        postgresql_where=sa.text("state = 'sent'"),
    )
    op.create_index(
        "outbox_of_chat",
        "outbox",
        ["lane", "chat_id", "thread_id", "slot"],
        unique=True,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "outbox_of_person",
        "outbox",
        ["person_id"],
        unique=False,
        sqlite_where=sa.text("person_id <> 0"),
        postgresql_where=sa.text("person_id <> 0"),
    )
    op.create_index(
        "outbox_open",
        "outbox",
        ["lane", "state"],
        unique=False,
        sqlite_where=sa.text("state IN ('flying', 'failed')"),
        postgresql_where=sa.text("state IN ('flying', 'failed')"),
    )
    op.create_index(
        "outbox_waiting",
        "outbox",
        ["lane", "priority", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_table(
        "packs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("loaded_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pauses",
        sa.Column("group_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("from_day", sa.Text(), nullable=False),
        sa.Column("to_day", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("group_id", "from_day"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "people",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("home_group", sa.BigInteger(), server_default="0", autoincrement=False, nullable=False),
        sa.Column("told_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "posts",
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("lane", "chat_id", "thread_id", "slot"),
        sqlite_with_rowid=False,
    )
    op.create_index("posts_at", "posts", ["at"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("expires_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("hash"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "studies",
        sa.Column("group_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("group_id", "day", "person_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "talk",
        sa.Column("chat_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sender_id", sa.Text(), nullable=False),
        sa.Column("sender_name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.Text(), nullable=True),
        sa.Column("pinned", sa.Integer(), server_default="0", nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("changed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "id"),
        sqlite_with_rowid=False,
    )
    op.create_index("talk_changes", "talk", ["chat_id", "changed_at"], unique=False)
    op.create_table(
        "tickets",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), server_default="0", autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.Text(), server_default="", nullable=False),
        sa.Column("expires_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("used_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("hash"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("tickets")
    op.drop_index("talk_changes", table_name="talk")
    op.drop_table("talk")
    op.drop_table("studies")
    op.drop_table("sessions")
    op.drop_index("posts_at", table_name="posts")
    op.drop_table("posts")
    op.drop_table("people")
    op.drop_table("pauses")
    op.drop_table("packs")
    op.drop_index(
        "outbox_waiting",
        table_name="outbox",
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.drop_index(
        "outbox_of_person",
        table_name="outbox",
        sqlite_where=sa.text("person_id <> 0"),
        postgresql_where=sa.text("person_id <> 0"),
    )
    op.drop_index(
        "outbox_open",
        table_name="outbox",
        sqlite_where=sa.text("state IN ('flying', 'failed')"),
        postgresql_where=sa.text("state IN ('flying', 'failed')"),
    )
    op.drop_index(
        "outbox_of_chat",
        table_name="outbox",
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.drop_index(
        "outbox_done",
        table_name="outbox",
        sqlite_where=sa.text("state = 'sent'"),
        postgresql_where=sa.text("state = 'sent'"),
    )
    op.drop_table("outbox")
    op.drop_index("members_of_person", table_name="members")
    op.drop_table("members")
    op.drop_table("leaves")
    op.drop_table("lanes")
    op.drop_index("items_in_order", table_name="items")
    op.drop_table("items")
    op.drop_table("installation")
    op.drop_table("groups")
    op.drop_index("events_at", table_name="events")
    op.drop_table("events")
    op.drop_index("due_at", table_name="due")
    op.drop_table("due")
    op.drop_table("dead_letters")
    op.drop_table("days")
    op.drop_index("checkins_of_person", table_name="checkins")
    op.drop_table("checkins")
    op.drop_index("chats_of_group", table_name="chats")
    op.drop_table("chats")
    op.drop_index("accounts_of_person", table_name="accounts")
    op.drop_table("accounts")
