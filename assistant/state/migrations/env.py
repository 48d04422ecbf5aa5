"""How Alembic reaches the database: through the engine handed to it."""

from __future__ import annotations

from alembic import context

from assistant.state.tables import METADATA

with context.config.attributes["engine"].connect() as link:
    context.configure(connection=link, target_metadata=METADATA, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
    link.commit()
