"""reviews, games, honours and files"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('about_person', sa.BigInteger(), server_default='0', autoincrement=False, nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'id'),
    sqlite_with_rowid=False
    )
    op.create_index('audit_about', 'audit', ['group_id', 'about_person'], unique=False)
    op.create_table('cards',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('bank', sa.Text(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('missed', sa.Integer(), server_default='0', nullable=False),
    sa.Column('stability', sa.Float(), nullable=False),
    sa.Column('seen_at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('due_at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('card', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'person_id', 'bank', 'question'),
    sqlite_with_rowid=False
    )
    op.create_table('contest_players',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('contest_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('side', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), server_default='0', nullable=False),
    sa.Column('right', sa.Integer(), server_default='0', nullable=False),
    sa.Column('finished_at', sa.BigInteger(), autoincrement=False, nullable=True),
    sa.PrimaryKeyConstraint('group_id', 'contest_id', 'person_id'),
    sqlite_with_rowid=False
    )
    op.create_index('contest_players_of_side', 'contest_players', ['group_id', 'contest_id', 'side'], unique=False)
    op.create_table('contest_sides',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('contest_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('side', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('of_group', sa.BigInteger(), server_default='0', autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'contest_id', 'side'),
    sqlite_with_rowid=False
    )
    op.create_table('contests',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('host_group', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('bank', sa.Text(), nullable=False),
    sa.Column('questions', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('starts_at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('ends_at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'id'),
    sqlite_with_rowid=False
    )
    op.create_index('contests_by_id', 'contests', ['id'], unique=False)
    op.create_table('honours',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('period', sa.Text(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('rank', sa.Integer(), server_default='0', nullable=False),
    sa.Column('points', sa.Integer(), server_default='0', nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'period', 'person_id', 'title'),
    sqlite_with_rowid=False
    )
    op.create_table('previews',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'id'),
    sqlite_with_rowid=False
    )
    op.create_index('previews_at', 'previews', ['at'], unique=False)
    op.create_table('redemptions',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('reward_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('cost', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('decided_at', sa.BigInteger(), autoincrement=False, nullable=True),
    sa.Column('handed_at', sa.BigInteger(), autoincrement=False, nullable=True),
    sa.Column('by_person', sa.BigInteger(), server_default='0', autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'id'),
    sqlite_with_rowid=False
    )
    op.create_index('redemptions_by_state', 'redemptions', ['group_id', 'state', 'asked_at'], unique=False)
    op.create_index('redemptions_of_person', 'redemptions', ['group_id', 'person_id'], unique=False)
    op.create_table('rewards',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('cost', sa.Integer(), nullable=False),
    sa.Column('stock', sa.Integer(), nullable=False),
    sa.Column('offered', sa.Integer(), server_default='1', nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'id'),
    sqlite_with_rowid=False
    )
    op.create_table('rounds',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('about', sa.Text(), server_default='', nullable=False),
    sa.Column('bank', sa.Text(), nullable=False),
    sa.Column('question', sa.Text(), server_default='', nullable=False),
    sa.Column('place', sa.Integer(), server_default='0', nullable=False),
    sa.Column('right', sa.Integer(), server_default='0', nullable=False),
    sa.Column('started_at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('ended_at', sa.BigInteger(), autoincrement=False, nullable=True),
    sa.PrimaryKeyConstraint('group_id', 'id'),
    sqlite_with_rowid=False
    )
    op.create_index('rounds_of_kind', 'rounds', ['group_id', 'kind', 'about', 'ended_at'], unique=False)
    op.create_index('rounds_open', 'rounds', ['group_id', 'person_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('tries',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('round_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('place', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('given', sa.Text(), nullable=False),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'round_id', 'place'),
    sqlite_with_rowid=False
    )
    op.add_column('banks', sa.Column('group_id', sa.BigInteger(), server_default='0', autoincrement=False, nullable=False))
    op.add_column('packs', sa.Column('group_id', sa.BigInteger(), server_default='0', autoincrement=False, nullable=False))
    op.add_column('polls', sa.Column('closed_at', sa.BigInteger(), autoincrement=False, nullable=True))
    op.create_index('polls_of_quiz', 'polls', ['group_id', 'quiz_id'], unique=False)


def downgrade() -> None:
    op.drop_index('polls_of_quiz', table_name='polls')
    op.drop_column('polls', 'closed_at')
    op.drop_column('packs', 'group_id')
    op.drop_column('banks', 'group_id')
    op.drop_table('tries')
    op.drop_index('rounds_open', table_name='rounds', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.drop_index('rounds_of_kind', table_name='rounds')
    op.drop_table('rounds')
    op.drop_table('rewards')
    op.drop_index('redemptions_of_person', table_name='redemptions')
    op.drop_index('redemptions_by_state', table_name='redemptions')
    op.drop_table('redemptions')
    op.drop_index('previews_at', table_name='previews')
    op.drop_table('previews')
    op.drop_table('honours')
    op.drop_index('contests_by_id', table_name='contests')
    op.drop_table('contests')
    op.drop_table('contest_sides')
    op.drop_index('contest_players_of_side', table_name='contest_players')
    op.drop_table('contest_players')
    op.drop_table('cards')
    op.drop_index('audit_about', table_name='audit')
    op.drop_table('audit')
