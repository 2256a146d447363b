"""activity cycles"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('albums',
    sa.Column('platform', sa.Text(), nullable=False),
    sa.Column('account', sa.Text(), nullable=False),
    sa.Column('chat_id', sa.Text(), nullable=False),
    sa.Column('album_id', sa.Text(), nullable=False),
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('reflection_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('platform', 'account', 'chat_id', 'album_id'),
    sqlite_with_rowid=False
    )
    op.create_index('albums_at', 'albums', ['at'], unique=False)
    op.create_index('albums_of_reflection', 'albums', ['group_id', 'reflection_id'], unique=False)
    op.create_table('appeals',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('reflection_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), server_default='', nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('answered_at', sa.BigInteger(), autoincrement=False, nullable=True),
    sa.Column('by_person', sa.BigInteger(), server_default='0', autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'reflection_id'),
    sqlite_with_rowid=False
    )
    op.create_table('cycles',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('template', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('starts_on', sa.Text(), nullable=False),
    sa.Column('plan', sa.Text(), nullable=False),
    sa.Column('repeats', sa.Text(), server_default='', nullable=False),
    sa.Column('by_person', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('ended_at', sa.BigInteger(), autoincrement=False, nullable=True),
    sa.PrimaryKeyConstraint('group_id', 'id'),
    sqlite_with_rowid=False
    )
    op.create_index('cycles_by_state', 'cycles', ['group_id', 'state'], unique=False)
    op.create_table('evaluations',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('cycle_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('scores', sa.Text(), server_default='', nullable=False),
    sa.Column('comment', sa.Text(), server_default='', nullable=False),
    sa.Column('by_person', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'cycle_id', 'person_id', 'kind'),
    sqlite_with_rowid=False
    )
    op.create_table('exclusions',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('one_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('other_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('by_person', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'one_id', 'other_id'),
    sqlite_with_rowid=False
    )
    op.create_table('guesses',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'person_id'),
    sqlite_with_rowid=False
    )
    op.create_table('handins',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('cycle_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('about', sa.Text(), server_default='', nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('picture', sa.Text(), server_default='', nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'id'),
    sqlite_with_rowid=False
    )
    op.create_index('handins_once', 'handins', ['group_id', 'cycle_id', 'place', 'kind', 'person_id', 'about'], unique=True, sqlite_where=sa.text("about <> ''"), postgresql_where=sa.text("about <> ''"))
    op.create_index('handins_of_stage', 'handins', ['group_id', 'cycle_id', 'place', 'kind', 'person_id'], unique=False)
    op.create_table('inquiries',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('cycle_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('merged_into', sa.BigInteger(), server_default='0', autoincrement=False, nullable=False),
    sa.Column('side', sa.Integer(), server_default='0', nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'id'),
    sqlite_with_rowid=False
    )
    op.create_index('inquiries_of_stage', 'inquiries', ['group_id', 'cycle_id', 'place', 'number'], unique=True)
    op.create_table('likenesses',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('reflection_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('other_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('percent', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), server_default='open', nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'reflection_id', 'other_id', 'kind'),
    sqlite_with_rowid=False
    )
    op.create_table('newsletter_picks',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('cycle_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('reflection_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('consent', sa.Text(), server_default='', nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'cycle_id', 'reflection_id'),
    sqlite_with_rowid=False
    )
    op.create_table('newsletters',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('cycle_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('token', sa.Text(), server_default='', nullable=False),
    sa.Column('by_person', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('posted_at', sa.BigInteger(), autoincrement=False, nullable=True),
    sa.PrimaryKeyConstraint('group_id', 'cycle_id'),
    sqlite_with_rowid=False
    )
    op.create_table('pictures',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('reflection_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('place', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('hash', sa.Text(), server_default='', nullable=False),
    sa.Column('small', sa.Text(), server_default='', nullable=False),
    sa.Column('width', sa.Integer(), server_default='0', nullable=False),
    sa.Column('height', sa.Integer(), server_default='0', nullable=False),
    sa.Column('print', sa.Text(), server_default='', nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'reflection_id', 'place'),
    sqlite_with_rowid=False
    )
    op.create_index('pictures_by_hash', 'pictures', ['hash'], unique=False, sqlite_where=sa.text("hash <> ''"), postgresql_where=sa.text("hash <> ''"))
    op.create_index('pictures_by_small', 'pictures', ['small'], unique=False, sqlite_where=sa.text("small <> ''"), postgresql_where=sa.text("small <> ''"))
    op.create_index('pictures_with_print', 'pictures', ['group_id', 'print'], unique=False, sqlite_where=sa.text("print <> ''"), postgresql_where=sa.text("print <> ''"))
    op.create_table('reflection_versions',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('reflection_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'reflection_id', 'version'),
    sqlite_with_rowid=False
    )
    op.create_table('reflections',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('cycle_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), server_default='0', nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), server_default='', nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('by_person', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('changed_at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('handed_at', sa.BigInteger(), autoincrement=False, nullable=True),
    sa.PrimaryKeyConstraint('group_id', 'id'),
    sqlite_with_rowid=False
    )
    op.create_index('reflections_of_person', 'reflections', ['group_id', 'person_id', 'cycle_id'], unique=False)
    op.create_index('reflections_of_stage', 'reflections', ['group_id', 'cycle_id', 'place', 'number'], unique=False)
    op.create_table('reviews',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('reflection_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('cycle_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('scores', sa.Text(), server_default='', nullable=False),
    sa.Column('comment', sa.Text(), server_default='', nullable=False),
    sa.Column('asked_at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('lease_until', sa.BigInteger(), autoincrement=False, nullable=True),
    sa.Column('done_at', sa.BigInteger(), autoincrement=False, nullable=True),
    sa.PrimaryKeyConstraint('group_id', 'reflection_id', 'person_id', 'kind'),
    sqlite_with_rowid=False
    )
    op.create_index('reviews_of_cycle', 'reviews', ['group_id', 'cycle_id', 'state'], unique=False)
    op.create_index('reviews_of_person', 'reviews', ['group_id', 'person_id', 'cycle_id'], unique=False)
    op.create_table('seen_photos',
    sa.Column('platform', sa.Text(), nullable=False),
    sa.Column('account', sa.Text(), nullable=False),
    sa.Column('chat_id', sa.Text(), nullable=False),
    sa.Column('message_id', sa.Text(), nullable=False),
    sa.Column('album_id', sa.Text(), server_default='', nullable=False),
    sa.Column('person_id', sa.BigInteger(), server_default='0', autoincrement=False, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('platform', 'account', 'chat_id', 'message_id'),
    sqlite_with_rowid=False
    )
    op.create_index('seen_photos_at', 'seen_photos', ['at'], unique=False)
    op.create_index('seen_photos_of_person', 'seen_photos', ['person_id'], unique=False)
    op.create_table('signups',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('cycle_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('place', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('side', sa.Integer(), server_default='0', nullable=False),
    sa.Column('liaison', sa.Integer(), server_default='0', nullable=False),
    sa.Column('spoke', sa.Integer(), server_default='0', nullable=False),
    sa.Column('attended', sa.Text(), server_default='', nullable=False),
    sa.Column('attended_at', sa.BigInteger(), autoincrement=False, nullable=True),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'cycle_id', 'place', 'person_id'),
    sqlite_with_rowid=False
    )
    op.create_table('sketches',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('band', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('reflection_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'band', 'value', 'reflection_id'),
    sqlite_with_rowid=False
    )
    op.create_index('sketches_of_reflection', 'sketches', ['group_id', 'reflection_id'], unique=False)
    op.create_table('stages',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('cycle_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('place', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('opens_at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('closes_at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('owner', sa.BigInteger(), server_default='0', autoincrement=False, nullable=False),
    sa.Column('link', sa.Text(), server_default='', nullable=False),
    sa.Column('opened_at', sa.BigInteger(), autoincrement=False, nullable=True),
    sa.Column('closed_at', sa.BigInteger(), autoincrement=False, nullable=True),
    sa.PrimaryKeyConstraint('group_id', 'cycle_id', 'place'),
    sqlite_with_rowid=False
    )
    op.create_table('templates',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('by_person', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'key'),
    sqlite_with_rowid=False
    )
    op.create_table('voices',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('inquiry_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'inquiry_id', 'person_id'),
    sqlite_with_rowid=False
    )
    op.create_table('votes',
    sa.Column('group_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('cycle_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('place', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('handin_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('group_id', 'cycle_id', 'place', 'person_id'),
    sqlite_with_rowid=False
    )


def downgrade() -> None:
    op.drop_table('votes')
    op.drop_table('voices')
    op.drop_table('templates')
    op.drop_table('stages')
    op.drop_index('sketches_of_reflection', table_name='sketches')
    op.drop_table('sketches')
    op.drop_table('signups')
    op.drop_index('seen_photos_of_person', table_name='seen_photos')
    op.drop_index('seen_photos_at', table_name='seen_photos')
    op.drop_table('seen_photos')
    op.drop_index('reviews_of_person', table_name='reviews')
    op.drop_index('reviews_of_cycle', table_name='reviews')
    op.drop_table('reviews')
    op.drop_index('reflections_of_stage', table_name='reflections')
    op.drop_index('reflections_of_person', table_name='reflections')
    op.drop_table('reflections')
    op.drop_table('reflection_versions')
    op.drop_index('pictures_by_small', table_name='pictures', sqlite_where=sa.text("small <> ''"), postgresql_where=sa.text("small <> ''"))
    op.drop_index('pictures_by_hash', table_name='pictures', sqlite_where=sa.text("hash <> ''"), postgresql_where=sa.text("hash <> ''"))
    op.drop_index('pictures_with_print', table_name='pictures', sqlite_where=sa.text("print <> ''"), postgresql_where=sa.text("print <> ''"))
    op.drop_table('pictures')
    op.drop_table('newsletters')
    op.drop_table('newsletter_picks')
    op.drop_table('likenesses')
    op.drop_index('inquiries_of_stage', table_name='inquiries')
    op.drop_table('inquiries')
    op.drop_table('guesses')
    op.drop_index('handins_once', table_name='handins', sqlite_where=sa.text("about <> ''"), postgresql_where=sa.text("about <> ''"))
    op.drop_index('handins_of_stage', table_name='handins')
    op.drop_table('handins')
    op.drop_table('exclusions')
    op.drop_table('evaluations')
    op.drop_index('cycles_by_state', table_name='cycles')
    op.drop_table('cycles')
    op.drop_table('appeals')
    op.drop_index('albums_of_reflection', table_name='albums')
    op.drop_index('albums_at', table_name='albums')
    op.drop_table('albums')
