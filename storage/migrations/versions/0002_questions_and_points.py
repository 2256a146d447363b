"""questions and points"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('accepted',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('bank', sa.Text(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('folded', sa.Text(), nullable=False),
    sa.Column('right', sa.Integer(), nullable=False),
    sa.Column('by_person', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'bank', 'question', 'folded'),
    sqlite_with_rowid=False
    )
    op.create_table('answers',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('quiz_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('given', sa.Text(), nullable=False),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'quiz_id', 'person_id'),
    sqlite_with_rowid=False
    )
    op.create_index('answers_of_person', 'answers', ['group_id', 'person_id', 'at'], unique=False)
    op.create_table('banks',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('loaded_at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sqlite_with_rowid=False
    )
    op.create_table('ledger',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('rule', sa.Text(), nullable=False),
    sa.Column('cause', sa.Text(), nullable=False),
    sa.Column('day', sa.Text(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('by_person', sa.BigInteger(), server_default='0', autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'id'),
    sqlite_with_rowid=False
    )
    op.create_index('ledger_causes', 'ledger', ['group_id', 'person_id', 'rule', 'cause'], unique=True)
    op.create_index('ledger_of_day', 'ledger', ['group_id', 'person_id', 'day', 'rule'], unique=False)
    op.create_table('polls',
    sa.Column('platform', sa.Text(), nullable=False),
    sa.Column('account', sa.Text(), nullable=False),
    sa.Column('poll_id', sa.Text(), nullable=False),
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('quiz_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('chat_id', sa.Text(), nullable=False),
    sa.Column('message_id', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('platform', 'account', 'poll_id'),
    sqlite_with_rowid=False
    )
    op.create_table('questions',
    sa.Column('bank', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('topic', sa.Text(), server_default='', nullable=False),
    sa.Column('item', sa.Text(), server_default='', nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('bank', 'key'),
    sqlite_with_rowid=False
    )
    op.create_index('questions_in_order', 'questions', ['bank', 'position'], unique=False)
    op.create_table('quizzes',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('bank', sa.Text(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('closed_at', sa.BigInteger(), autoincrement=False, nullable=True),
    sa.PrimaryKeyConstraint('group_id', 'id'),
    sqlite_with_rowid=False
    )
    op.create_index('quizzes_by_key', 'quizzes', ['group_id', 'key'], unique=True)
    op.create_table('totals',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('period', sa.Text(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('points', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'period', 'person_id'),
    sqlite_with_rowid=False
    )
    op.create_index('totals_in_order', 'totals', ['group_id', 'period', 'points'], unique=False)


def downgrade() -> None:
    op.drop_index('totals_in_order', table_name='totals')
    op.drop_table('totals')
    op.drop_index('quizzes_by_key', table_name='quizzes')
    op.drop_table('quizzes')
    op.drop_index('questions_in_order', table_name='questions')
    op.drop_table('questions')
    op.drop_table('polls')
    op.drop_index('ledger_of_day', table_name='ledger')
    op.drop_index('ledger_causes', table_name='ledger')
    op.drop_table('ledger')
    op.drop_table('banks')
    op.drop_index('answers_of_person', table_name='answers')
    op.drop_table('answers')
    op.drop_table('accepted')
