//! The steps of a draw that touch every entry of a queue, as PostgreSQL does them best: arrays that the
//! server unnests. A VALUES list would be parsed and planned value by value.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::ids::DrawId;
use crate::store::StoreError;
use crate::store::commands::{ComposedEntry, DrawnOutcome};

/// Writes the frozen list, numbered from 0.
pub(super) async fn write_list(
    tx: &mut PgConnection,
    draw: DrawId,
    entries: &[ComposedEntry],
) -> Result<(), StoreError> {
    let ids: Vec<Uuid> = entries.iter().map(|line| line.entry.0).collect();
    let pids: Vec<&[u8]> = entries.iter().map(|line| line.pid.as_slice()).collect();
    let salts: Vec<&[u8]> = entries.iter().map(|line| line.salt.as_slice()).collect();
    let tiers: Vec<i32> = entries.iter().map(|line| line.tier.into()).collect();
    let chances: Vec<bool> = entries.iter().map(|line| line.had_chance).collect();
    let wide: Vec<bool> = entries.iter().map(|line| line.wide).collect();
    sqlx::query(
        "INSERT INTO draw_entry (draw_id, number, entry_id, pid, salt, tier, had_chance, wide)
         SELECT $1, line.nth - 1, line.entry_id, line.pid, line.salt, line.tier, line.had_chance, line.wide
         FROM UNNEST($2::uuid[], $3::bytea[], $4::bytea[], $5::int[], $6::bool[], $7::bool[])
            WITH ORDINALITY AS line (entry_id, pid, salt, tier, had_chance, wide, nth)",
    )
    .bind(draw)
    .bind(ids)
    .bind(pids)
    .bind(salts)
    .bind(tiers)
    .bind(chances)
    .bind(wide)
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes each listed entry's place in the order, and whether it won. Answers how many there were.
pub(super) async fn write_places(
    tx: &mut PgConnection,
    draw: DrawId,
    outcome: &DrawnOutcome,
) -> Result<u64, StoreError> {
    let places: Vec<i32> =
        outcome.places.iter().map(|place| i32::try_from(*place).unwrap_or(i32::MAX)).collect();
    let done = sqlx::query(
        "UPDATE draw_entry SET place = drawn.place, won = drawn.won
         FROM UNNEST($2::int[], $3::bool[]) WITH ORDINALITY AS drawn (place, won, nth)
         WHERE draw_entry.draw_id = $1 AND draw_entry.number = drawn.nth - 1",
    )
    .bind(draw)
    .bind(places)
    .bind(outcome.won())
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}
