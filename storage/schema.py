"""The schema, stated once for both engines; Alembic migrates to it and running code speaks SQL.

Times are UTC epoch milliseconds, ids sortable 64-bit integers made by the program, flags 0/1, JSON and days (ISO) text.
Every table of a group's life begins its key with ``group_id``, so that a group's rows lie together and could move together.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.schema import SchemaItem

metadata = MetaData()


def _table(name: str, *columns: SchemaItem) -> Table:
    # On SQLite a table is its primary key's tree: one page holds the rows of a group, and no second tree is kept.
    return Table(name, metadata, *columns, sqlite_with_rowid=False)


def _big(name: str, *, key: bool = False, default: str | None = None, null: bool = False) -> Column[int]:
    return Column(
        name, BigInteger, primary_key=key, nullable=null, server_default=default, autoincrement=False
    )


def _int(name: str, default: str | None = None) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=default)


def _int_key(name: str) -> Column[int]:
    return Column(name, Integer, primary_key=True, nullable=False, autoincrement=False)


def _text(name: str, *, key: bool = False, default: str | None = None, null: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=null, server_default=default)


# --- groups and the chats they live in ------------------------------------------------------------------------------

groups = _table(
    "groups",
    _big("id", key=True),
    _text("name"),
    _text("settings"),
    _int("paused", "0"),
    _int("next_item", "0"),
    _big("created_at"),
)

chats = _table(
    "chats",
    _text("platform", key=True),
    _text("account", key=True),
    _text("chat_id", key=True),
    _text("thread_id", default=""),
    _big("group_id"),
    _int("reachable", "1"),
    _text("title", default=""),
    _big("bound_at"),
    Column("hears_all", Integer, nullable=True),  # 0: only what is addressed to the bot; NULL: not known
    Index("chats_of_group", "group_id"),
)

# --- people ----------------------------------------------------------------------------------------------------------

people = _table(
    "people",
    _big("id", key=True),
    _text("name"),
    _text("language", null=True),
    _big("home_group", default="0"),  # the group that is meant when they write in private
    _big("told_at", null=True),  # when they were told, in private, what is kept of them
    _big("created_at"),
)

# The accounts by which a person is known. group_id 0 is the account itself, with the private chat to reach it
# (chat_id "" while there is none); the other rows are the same account seen in one group, so that a group's message finds its
# author among the group's own rows.
accounts = _table(
    "accounts",
    _big("group_id", key=True),
    _text("platform", key=True),
    _text("account", key=True),
    _text("user_id", key=True),
    _big("person_id"),
    _text("chat_id", default=""),
    _int("reachable", "1"),
    Index("accounts_of_person", "person_id", "group_id"),
)

members = _table(
    "members",
    _big("group_id", key=True),
    _big("person_id", key=True),
    _text("name"),
    _int("role"),
    _text("language", null=True),  # the person's own choice, kept here too so that one look finds it
    _text("last_day", default=""),
    _int("streak", "0"),
    _int("best_streak", "0"),
    _int("total", "0"),
    _big("joined_at"),
    _big("left_at", null=True),
    Index("members_of_person", "person_id"),
)

leaves = _table(
    "leaves",
    _big("group_id", key=True),
    _big("person_id", key=True),
    _text("from_day", key=True),
    _text("to_day"),
)

pauses = _table(
    "pauses",
    _big("group_id", key=True),
    _text("from_day", key=True),
    _text("to_day", null=True),  # null while the pause lasts
)

# --- a group's days --------------------------------------------------------------------------------------------------

days = _table(
    "days",
    _big("group_id", key=True),
    _text("day", key=True),
    _text("pack", default=""),
    _text("item", default=""),  # the item's key in the pack, "" for a day without one
    _int("number", "0"),  # the how-manieth day of study this is for the group
    _int("minutes", "0"),
    _int("checked", "0"),
    _int("studied", "0"),
    _big("pushed_at", null=True),
    _big("reminded_at", null=True),
    _big("closed_at", null=True),
)

checkins = _table(
    "checkins",
    _big("group_id", key=True),
    _text("day", key=True),
    _big("person_id", key=True),
    _text("kind"),  # self, makeup, proxy
    _text("note", default=""),
    _big("at"),
    _big("by_person"),
    Index("checkins_of_person", "group_id", "person_id", "day"),
)

studies = _table(
    "studies",
    _big("group_id", key=True),
    _text("day", key=True),
    _big("person_id", key=True),
    _big("at"),
)

# --- study packs -----------------------------------------------------------------------------------------------------

packs = _table(
    "packs",
    _text("id", key=True),
    _text("title"),
    _text("language"),
    _text("description", default=""),
    _int("revision"),
    _big("loaded_at"),
    _big("group_id", default="0"),  # whose own it is, 0 for everybody's
)

items = _table(
    "items",
    _text("pack", key=True),
    _text("key", key=True),
    _int("position"),  # -1 when a later revision took it out: days that used it still show it
    _text("title"),
    _text("kind"),
    _text("body"),
    _text("media", null=True),
    _text("link", null=True),
    _text("source"),
    _int("minutes"),
    Index("items_in_order", "pack", "position"),
)

# --- questions ---------------------------------------------------------------------------------------------------------

banks = _table(
    "banks",
    _text("id", key=True),
    _text("title"),
    _text("language"),
    _int("revision"),
    _big("loaded_at"),
    _big("group_id", default="0"),  # whose own it is, 0 for everybody's
)

questions = _table(
    "questions",
    _text("bank", key=True),
    _text("key", key=True),
    _int("position"),  # -1 when a later revision took it out: quizzes that asked it still show it
    _text("kind"),
    _text("topic", default=""),
    _text("item", default=""),
    _text("body"),  # JSON of the whole question
    Index("questions_in_order", "bank", "position"),
)

# A quiz is one question put to a group: the day's, or one of a game's. key "day:2026-03-02", "challenge:…".
quizzes = _table(
    "quizzes",
    _big("group_id", key=True),
    _big("id", key=True),
    _text("key"),
    _text("bank"),
    _text("question"),
    _big("asked_at"),
    _big("closed_at", null=True),
    Index("quizzes_by_key", "group_id", "key", unique=True),
)

answers = _table(
    "answers",
    _big("group_id", key=True),
    _big("quiz_id", key=True),
    _big("person_id", key=True),
    _text("given"),  # places of options as JSON, or the text filled in
    _text("verdict"),  # right, wrong, doubtful
    _big("at"),
    Index("answers_of_person", "group_id", "person_id", "at"),
)

# What a secretary has accepted for a fill-in, by its folded form.
accepted = _table(
    "accepted",
    _big("group_id", key=True),
    _text("bank", key=True),
    _text("question", key=True),
    _text("folded", key=True),
    _int("right"),
    _big("by_person"),
    _big("at"),
)

# Native polls of a platform name no chat when they are answered.
polls = _table(
    "polls",
    _text("platform", key=True),
    _text("account", key=True),
    _text("poll_id", key=True),
    _big("group_id"),
    _big("quiz_id"),
    _text("chat_id"),
    _text("message_id"),
    _big("closed_at", null=True),
    Index("polls_of_quiz", "group_id", "quiz_id"),
)

# A bank or a pack that somebody sent, read and shown to them, until they load it or leave it.
previews = _table(
    "previews",
    _big("group_id", key=True),
    _big("id", key=True),
    _big("person_id"),
    _text("kind"),  # bank, pack, template; faults, loaded, left
    _text("body"),  # JSON of the whole
    _big("at"),
    Index("previews_at", "at"),
)

# What each member remembers of each question they were asked, by the fsrs schedule.
cards = _table(
    "cards",
    _big("group_id", key=True),
    _big("person_id", key=True),
    _text("bank", key=True),
    _text("question", key=True),
    _int("missed", "0"),  # how often it was answered wrong
    Column("stability", Float, nullable=False),  # days after which it is recalled nine times in ten
    _big("seen_at"),
    _big("due_at"),
    _text("card"),  # JSON, as the library keeps it
    # No index besides: a card is written with every answer, and a person's few lie together.
)

# Questions put to one person, one after the other, in private: a challenge, a topic, a review, their part in a contest.
rounds = _table(
    "rounds",
    _big("group_id", key=True),
    _big("id", key=True),
    _big("person_id"),
    _text("kind"),  # challenge, topic, review, contest
    _text("about", default=""),  # the topic, or the contest
    _text("bank"),
    _text("question", default=""),  # the one that waits for an answer, "" when the round is over
    _int("place", "0"),  # how many were answered
    _int("right", "0"),
    _big("started_at"),
    _big("ended_at", null=True),
    Index(
        "rounds_open",
        "group_id",
        "person_id",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index("rounds_of_kind", "group_id", "kind", "about", "ended_at"),
)

tries = _table(
    "tries",
    _big("group_id", key=True),
    _big("round_id", key=True),
    _int_key("place"),
    _text("question"),
    _text("given"),
    _text("verdict"),
    _big("at"),
)

# A contest over a set time, between teams of one group or between groups (then one row in each, with the host's id).
contests = _table(
    "contests",
    _big("group_id", key=True),
    _big("id", key=True),
    _big("host_group"),
    _text("title"),
    _text("bank"),
    _int("questions"),  # how many each player is asked
    _text("state"),  # open, running, over, cancelled
    _big("starts_at"),
    _big("ends_at"),
    Index("contests_by_id", "id"),
)

contest_sides = _table(
    "contest_sides",
    _big("group_id", key=True),  # the host's
    _big("contest_id", key=True),
    _int_key("side"),
    _text("name"),
    _big("of_group", default="0"),  # the group that is this side, 0 for a team within the host
)

contest_players = _table(
    "contest_players",
    _big("group_id", key=True),  # the host's
    _big("contest_id", key=True),
    _big("person_id", key=True),
    _int("side"),
    _int("place", "0"),  # how many were answered
    _int("right", "0"),
    _big("finished_at", null=True),
    Index("contest_players_of_side", "group_id", "contest_id", "side"),
)

# --- points, for groups that want them --------------------------------------------------------------------------------

ledger = _table(
    "ledger",
    _big("group_id", key=True),
    _big("id", key=True),
    _big("person_id"),
    _text("rule"),
    _text("cause"),  # what it is for; the same cause never counts twice
    _text("day"),
    _int("points"),
    _text("reason", default=""),
    _big("by_person", default="0"),
    _big("at"),
    Index("ledger_causes", "group_id", "person_id", "rule", "cause", unique=True),
    Index("ledger_of_day", "group_id", "person_id", "day", "rule"),
)

totals = _table(
    "totals",
    _big("group_id", key=True),
    _text("period", key=True),  # "all", "2026-03", "2026-W10"
    _big("person_id", key=True),
    _int("points", "0"),
    Index("totals_in_order", "group_id", "period", "points"),
)

# What was earned at a period's end: 学习之星 of a month, the first three of a quarter, a title the secretary gave.
honours = _table(
    "honours",
    _big("group_id", key=True),
    _text("period", key=True),
    _big("person_id", key=True),
    _text("title", key=True),
    _int("rank", "0"),
    _int("points", "0"),
    _big("at"),
)

rewards = _table(
    "rewards",
    _big("group_id", key=True),
    _big("id", key=True),
    _text("name"),
    _int("cost"),
    _int("stock"),  # what is left
    _int("offered", "1"),
    _big("at"),
)

redemptions = _table(
    "redemptions",
    _big("group_id", key=True),
    _big("id", key=True),
    _big("reward_id"),
    _big("person_id"),
    _text("name"),  # of the reward, as it was called then
    _int("cost"),
    _text("state"),  # asked, approved, refused, handed
    _big("asked_at"),
    _big("decided_at", null=True),
    _big("handed_at", null=True),
    _big("by_person", default="0"),
    Index("redemptions_by_state", "group_id", "state", "asked_at"),
    Index("redemptions_of_person", "group_id", "person_id"),
)

# Who looked at whose details, and who took a group's figures out.
audit = _table(
    "audit",
    _big("group_id", key=True),
    _big("id", key=True),
    _big("person_id"),  # who looked
    _big("about_person", default="0"),  # 0 for the whole group
    _text("what"),
    _big("at"),
    Index("audit_about", "group_id", "about_person"),
)

# --- activity cycles: rounds of stages that fire by themselves -----------------------------------------------------------

# A group's own variants of the shipped templates, as YAML.
templates = _table(
    "templates",
    _big("group_id", key=True),
    _text("key", key=True),
    _text("body"),
    _big("by_person"),
    _big("at"),
)

cycles = _table(
    "cycles",
    _big("group_id", key=True),
    _big("id", key=True),
    _text("template"),
    _text("title"),
    _text("state"),  # running, over, cancelled
    _text("starts_on"),
    _text("plan"),  # JSON of the template as this cycle uses it
    _text("repeats", default=""),  # "", monthly
    _big("by_person"),
    _big("at"),
    _big("ended_at", null=True),
    Index("cycles_by_state", "group_id", "state"),
)

stages = _table(
    "stages",
    _big("group_id", key=True),
    _big("cycle_id", key=True),
    _int_key("place"),
    _text("key"),
    _text("kind"),
    _text("state"),  # planned, open, closed, skipped
    _big("opens_at"),
    _big("closes_at"),
    _big("owner", default="0"),
    _text("link", default=""),
    _big("opened_at", null=True),
    _big("closed_at", null=True),
)

# Who comes to a seminar, a live talk, a practice: signed up, on the waiting list, drawn into a sub-group, there or not.
signups = _table(
    "signups",
    _big("group_id", key=True),
    _big("cycle_id", key=True),
    _int_key("place"),
    _big("person_id", key=True),
    _text("state"),  # in, waiting, out
    _int("side", "0"),  # the sub-group, from 1
    _int("liaison", "0"),
    _int("spoke", "0"),
    _text("attended", default=""),  # "", code, roll
    _big("attended_at", null=True),
    _big("at"),
)

# What members hand in besides reflections: answers to thinking questions, works, sub-groups' forms, surveys, modules done.
handins = _table(
    "handins",
    _big("group_id", key=True),
    _big("id", key=True),
    _big("cycle_id"),
    _int("place"),
    _big("person_id"),
    _text("kind"),  # answer, form, work, withdrawn (a work), survey, asked, module, passed (a game)
    _text("about", default=""),  # which question or field; unique for what is handed in once
    _text("body"),
    _text("picture", default=""),  # content hash of its picture
    _big("at"),
    Index("handins_of_stage", "group_id", "cycle_id", "place", "kind", "person_id"),
    Index(
        "handins_once",
        "group_id",
        "cycle_id",
        "place",
        "kind",
        "person_id",
        "about",
        unique=True,
        sqlite_where=text("about <> ''"),
        postgresql_where=text("about <> ''"),
    ),
)

# Wrong attendance codes of a person, since the first of the row.
guesses = _table(
    "guesses",
    _big("group_id", key=True),
    _big("person_id", key=True),
    _int("count"),
    _big("at"),
)

# Questions that members bring to a seminar or a talk, and whose voices stand behind them.
inquiries = _table(
    "inquiries",
    _big("group_id", key=True),
    _big("id", key=True),
    _big("cycle_id"),
    _int("place"),
    _int("number"),
    _big("person_id"),
    _text("body"),
    _big("merged_into", default="0"),
    _int("side", "0"),  # the sub-group it was handed to
    _big("at"),
    Index("inquiries_of_stage", "group_id", "cycle_id", "place", "number", unique=True),
)

voices = _table(
    "voices",
    _big("group_id", key=True),
    _big("inquiry_id", key=True),
    _big("person_id", key=True),
)

votes = _table(
    "votes",
    _big("group_id", key=True),
    _big("cycle_id", key=True),
    _int_key("place"),
    _big("person_id", key=True),
    _big("handin_id"),
)

# --- reflections: photo(s) and words, and what others say of them ---------------------------------------------------------

reflections = _table(
    "reflections",
    _big("group_id", key=True),
    _big("id", key=True),
    _big("cycle_id"),
    _int("place"),
    _int("number", "0"),  # spoken as A12: the letter is the cycle's; 0 while it is a draft
    _big("person_id"),
    _text("state"),  # draft, handed, withdrawn
    _text("body", default=""),
    _int("version", "1"),
    _big("by_person"),
    _big("at"),
    _big("changed_at"),
    _big("handed_at", null=True),
    Index("reflections_of_stage", "group_id", "cycle_id", "place", "number"),
    Index("reflections_of_person", "group_id", "person_id", "cycle_id"),
)

reflection_versions = _table(
    "reflection_versions",
    _big("group_id", key=True),
    _big("reflection_id", key=True),
    _int_key("version"),
    _text("body"),
    _big("at"),
)

pictures = _table(
    "pictures",
    _big("group_id", key=True),
    _big("reflection_id", key=True),
    _int_key("place"),
    _text("state"),  # pending, there, broken
    _text("kind"),  # photo, video, audio, document
    _text("source"),  # JSON of where to fetch it: platform, account, file id
    _text("hash", default=""),
    _text("small", default=""),  # hash of the thumbnail
    _int("width", "0"),
    _int("height", "0"),
    _text("print", default=""),  # perceptual hash, to find a photo that was used before
    _big("at"),
    Index(
        "pictures_with_print",
        "group_id",
        "print",
        sqlite_where=text("print <> ''"),
        postgresql_where=text("print <> ''"),
    ),
    # Whose a file is that lies in the store, if anybody's still.
    Index(
        "pictures_by_hash",
        "hash",
        sqlite_where=text("hash <> ''"),
        postgresql_where=text("hash <> ''"),
    ),
    Index(
        "pictures_by_small",
        "small",
        sqlite_where=text("small <> ''"),
        postgresql_where=text("small <> ''"),
    ),
)

# Pictures sent together arrive apart: all of an album belong to the reflection its first piece began.
albums = _table(
    "albums",
    _text("platform", key=True),
    _text("account", key=True),
    _text("chat_id", key=True),
    _text("album_id", key=True),
    _big("group_id"),
    _big("reflection_id"),
    _big("at"),
    Index("albums_at", "at"),
    Index("albums_of_reflection", "group_id", "reflection_id"),
)

# Pictures shown in a group while reflections are written, for two days: somebody may answer one with words, or an album's
# caption may come last.
seen_photos = _table(
    "seen_photos",
    _text("platform", key=True),
    _text("account", key=True),
    _text("chat_id", key=True),
    _text("message_id", key=True),
    _text("album_id", default=""),
    _big("person_id", default="0"),
    _text("kind"),  # photo, video
    _text("source"),  # as in pictures
    _big("at"),
    Index("seen_photos_at", "at"),
    Index("seen_photos_of_person", "person_id"),
)

# Bands of a text's sketch: two texts that share one may be alike.
sketches = _table(
    "sketches",
    _big("group_id", key=True),
    _int_key("band"),
    _text("value", key=True),
    _big("reflection_id", key=True),
    Index("sketches_of_reflection", "group_id", "reflection_id"),
)

# Pairs a secretary should look at; the program never judges them.
likenesses = _table(
    "likenesses",
    _big("group_id", key=True),
    _big("reflection_id", key=True),
    _big("other_id", key=True),
    _text("kind", key=True),  # text, photo
    _int("percent"),
    _text("state", default="open"),  # open, fine, spoken
    _big("at"),
)

reviews = _table(
    "reviews",
    _big("group_id", key=True),
    _big("reflection_id", key=True),
    _big("person_id", key=True),  # the reviewer
    _big("cycle_id"),
    _text("kind", key=True),  # allotted or invited; self and secretary are beside those
    _text("state"),  # asked, done, dropped
    _text("scores", default=""),  # JSON: one number a criterion
    _text("comment", default=""),
    _big("asked_at"),
    _big("lease_until", null=True),
    _big("done_at", null=True),
    Index("reviews_of_person", "group_id", "person_id", "cycle_id"),
    Index("reviews_of_cycle", "group_id", "cycle_id", "state"),
)

exclusions = _table(
    "exclusions",
    _big("group_id", key=True),
    _big("one_id", key=True),  # the smaller of the two
    _big("other_id", key=True),
    _big("by_person"),
)

appeals = _table(
    "appeals",
    _big("group_id", key=True),
    _big("reflection_id", key=True),
    _big("person_id"),
    _text("body"),
    _text("answer", default=""),
    _big("at"),
    _big("answered_at", null=True),
    _big("by_person", default="0"),
)

# What a member thought of their own part in an activity without reviews, and what a secretary thought of a member or of it all.
evaluations = _table(
    "evaluations",
    _big("group_id", key=True),
    _big("cycle_id", key=True),
    _big("person_id", key=True),  # 0 for the whole branch
    _text("kind", key=True),  # self, secretary, overall
    _text("scores", default=""),  # JSON: one number a criterion
    _text("comment", default=""),
    _big("by_person"),
    _big("at"),
)

newsletters = _table(
    "newsletters",
    _big("group_id", key=True),
    _big("cycle_id", key=True),
    _text("state"),  # picking, asking, posted
    _text("title"),
    _text("token", default=""),  # of the link by which anybody may read it, "" while only members may
    _big("by_person"),
    _big("at"),
    _big("posted_at", null=True),
)

newsletter_picks = _table(
    "newsletter_picks",
    _big("group_id", key=True),
    _big("cycle_id", key=True),
    _big("reflection_id", key=True),
    _int("place"),
    _text("consent", default=""),  # "", asked, yes, no
    _big("at"),
)

# --- what is due, what is to be said, what was heard -----------------------------------------------------------------

due = _table(
    "due",
    _big("group_id", key=True),
    _text("kind", key=True),
    _text("key", key=True),
    _big("at"),
    _int("attempts", "0"),
    Index("due_at", "at"),
)

# In the order of its ids, whatever group a message is for: what is written, sent and forgotten together lies together.
outbox = _table(
    "outbox",
    _big("id", key=True),
    _big("group_id", key=True),
    _text("lane"),
    _text("chat_id"),
    _text("thread_id", default=""),
    _int("is_group", "1"),
    _big("person_id", default="0"),  # whose private chat it is, 0 for a group's
    _int("priority"),
    _text("slot", null=True),
    _text("language"),
    _text("body"),
    _text("state", default="queued"),  # queued, flying, sent, failed
    _int("attempts", "0"),
    _big("not_before", default="0"),
    _big("created_at"),
    _big("done_at", null=True),
    _text("error", null=True),
    Index(
        "outbox_waiting",
        "lane",
        "priority",
        "id",
        sqlite_where=text("state = 'queued'"),
        postgresql_where=text("state = 'queued'"),
    ),
    # Unique where there is a slot: a newer row takes the place of the one that waits. Two without one are never equal.
    Index(
        "outbox_of_chat",
        "lane",
        "chat_id",
        "thread_id",
        "slot",
        unique=True,
        sqlite_where=text("state = 'queued'"),
        postgresql_where=text("state = 'queued'"),
    ),
    Index(
        "outbox_open",
        "lane",
        "state",
        sqlite_where=text("state IN ('flying', 'failed')"),
        postgresql_where=text("state IN ('flying', 'failed')"),
    ),
    Index(
        "outbox_of_person",
        "person_id",
        sqlite_where=text("person_id <> 0"),
        postgresql_where=text("person_id <> 0"),
    ),
    Index(
        "outbox_done", "done_at", sqlite_where=text("state = 'sent'"), postgresql_where=text("state = 'sent'")
    ),
)

# The message a slot was last shown in, to be edited in place.
posts = _table(
    "posts",
    _text("lane", key=True),
    _text("chat_id", key=True),
    _text("thread_id", key=True),
    _text("slot", key=True),
    _text("message_id"),
    _big("at"),
    Index("posts_at", "at"),
)

lanes = _table(
    "lanes",
    _text("lane", key=True),
    _text("owner"),
    _big("alive_at"),
)

events = _table(
    "events",
    _text("platform", key=True),
    _text("account", key=True),
    _text("event_id", key=True),
    _big("at"),
    Index("events_at", "at"),
)

dead_letters = _table(
    "dead_letters",
    _big("id", key=True),
    _text("platform"),
    _text("account"),
    _text("event_id"),
    _text("error"),
    _text("raw"),
    _big("at"),
)

# --- the installation ------------------------------------------------------------------------------------------------

installation = _table(
    "installation",
    _text("name", key=True),
    _text("value"),
)

# One-time codes and links, by the hash of what was handed out: setup codes and browser login links.
tickets = _table(
    "tickets",
    _text("hash", key=True),
    _text("kind"),  # setup, login
    _big("person_id", default="0"),
    _text("chat_id", default=""),
    _big("expires_at"),
    _big("used_at", null=True),
)

sessions = _table(
    "sessions",
    _text("hash", key=True),
    _big("person_id"),
    _big("expires_at"),
)

# --- the browser chat, which is a platform of its own: what was said in it --------------------------------------------

talk = _table(
    "talk",
    _text("chat_id", key=True),
    _big("id", key=True),
    _text("sender_id"),  # "" for the bot
    _text("sender_name"),
    _text("body"),  # JSON: title, text, buttons, media, reactions, mentions
    _text("reply_to", null=True),
    _int("pinned", "0"),
    _big("at"),
    _big("changed_at"),  # a sortable id, not an instant: two changes of one millisecond differ
    Index("talk_changes", "chat_id", "changed_at"),
)
