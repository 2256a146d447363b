"""how much of a chat the bot hears"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('chats', sa.Column('hears_all', sa.Integer(), nullable=True))
    op.execute("UPDATE chats SET hears_all = 1 WHERE platform = 'browser'")


def downgrade() -> None:
    op.drop_column('chats', 'hears_all')
