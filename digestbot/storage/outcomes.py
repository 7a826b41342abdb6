"""Writing outcomes: what became of deliveries, fenced by attempt, many in one transaction."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.domain.delivery import UNSHOWN, Delivery, DeliveryState
from digestbot.storage.locks import locked
from digestbot.storage.rows import chunks, outcome_row
from digestbot.storage.tables import delivery as table
from digestbot.storage.tables import delivery_story

_OUTCOME = (
    update(table)
    .where(table.c.id == bindparam("row"))
    .values(
        state=bindparam("new_state"),
        due=bindparam("new_due"),
        failures=bindparam("new_failures"),
        expected=bindparam("new_expected"),
        begun_at=bindparam("new_begun_at"),
        posted_at=bindparam("new_posted_at"),
        edited_at=bindparam("new_edited_at"),
        reveal_at=bindparam("new_reveal_at"),
        ref_channel=bindparam("new_ref_channel"),
        ref_message=bindparam("new_ref_message"),
        error=bindparam("new_error"),
    )
)
_GROWS = (DeliveryState.POSTED, DeliveryState.SKIPPED)
_IS_STORY = (delivery_story.c.delivery == bindparam("row")) & (delivery_story.c.story == bindparam("carried"))
_REVISION = update(delivery_story).where(_IS_STORY).values(revision=bindparam("new_revision"))
_DROP = delete(delivery_story).where(_IS_STORY)


async def write_outcomes(connection: AsyncConnection, deliveries: Sequence[Delivery]) -> tuple[set[str], list[str]]:
    """Ids of the rows written, and of those among them that grew meanwhile and are due for an edit at once.

    The rows not written were taken by somebody else since they were begun.
    """
    attempts: dict[str, int] = {}
    for chunk in chunks(sorted(each.id for each in deliveries)):
        statement = locked(select(table.c.id, table.c.attempt).where(table.c.id.in_(chunk)), table)
        attempts.update({row.id: row.attempt for row in await connection.execute(statement)})
    kept = [each for each in deliveries if attempts.get(each.id) == each.attempt]
    if kept:
        await connection.execute(_OUTCOME, [outcome_row(each) for each in kept])
    await _write_stories(connection, kept)
    return {each.id for each in kept}, await _catch_growth(connection, kept)


async def _write_stories(connection: AsyncConnection, deliveries: Sequence[Delivery]) -> None:
    shown = [
        {"row": each.id, "carried": story.story, "new_revision": story.revision}
        for each in deliveries
        for story in each.stories
    ]
    dropped = [{"row": each.id, "carried": story} for each in deliveries for story in each.dropped]
    if shown:
        await connection.execute(_REVISION, shown)
    if dropped:
        await connection.execute(_DROP, dropped)


async def _catch_growth(connection: AsyncConnection, deliveries: Sequence[Delivery]) -> list[str]:
    """What was given another story while in hand has work again: a posted message an edit, a skipped one a post."""
    known = {each.id: {carried.story for carried in each.stories} for each in deliveries}
    grown: dict[str, None] = {}
    for chunk in chunks([each.id for each in deliveries if each.state in _GROWS]):
        statement = select(delivery_story.c.delivery, delivery_story.c.story).where(
            delivery_story.c.delivery.in_(chunk), delivery_story.c.revision == UNSHOWN
        )
        found = (await connection.execute(statement)).all()
        grown.update({row.delivery: None for row in found if row.story not in known[row.delivery]})
    for chunk in chunks(list(grown)):
        change = update(table).where(table.c.id.in_(chunk))
        edit = change.where(table.c.state == DeliveryState.POSTED)
        await connection.execute(edit.values(state=str(DeliveryState.CORRECTING), edited_at=table.c.due))
        post = change.where(table.c.state == DeliveryState.SKIPPED)
        await connection.execute(post.values(state=str(DeliveryState.PLANNED), expected=table.c.due, error=None))
    return list(grown)
