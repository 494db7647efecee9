//! The steps of a draw that touch every entry of a queue, as SQLite does them best: one statement over a
//! JSON array of numbers. Values of a fixed length that are not numbers are concatenated into one value
//! beside it, and cut out by their position in the array.

use std::fmt::Write as _;

use sqlx::SqliteConnection;

use crate::domain::ids::DrawId;
use crate::store::StoreError;
use crate::store::commands::{ComposedEntry, DrawnOutcome};

/// Writes the frozen list, numbered from 0.
pub(super) async fn write_list(
    tx: &mut SqliteConnection,
    draw: DrawId,
    entries: &[ComposedEntry],
) -> Result<(), StoreError> {
    let tiers: Vec<u8> = entries.iter().map(|line| line.tier).collect();
    let ids: Vec<u8> = entries.iter().flat_map(|line| *line.entry.0.as_bytes()).collect();
    let pids: Vec<u8> = entries.iter().flat_map(|line| line.pid).collect();
    let salts: Vec<u8> = entries.iter().flat_map(|line| line.salt).collect();
    let chances: Vec<u8> = entries.iter().map(|line| line.had_chance.into()).collect();
    let wide: Vec<u8> = entries.iter().map(|line| line.wide.into()).collect();
    sqlx::query(
        "INSERT INTO draw_entry (draw_id, number, entry_id, pid, salt, tier, had_chance, wide)
         SELECT $1, key, substr($3, key * 16 + 1, 16), substr($4, key * 16 + 1, 16),
            substr($5, key * 32 + 1, 32), value, substr($6, key + 1, 1) = x'01', substr($7, key + 1, 1) = x'01'
         FROM json_each($2)",
    )
    .bind(draw)
    .bind(sqlx::types::Json(tiers))
    .bind(ids)
    .bind(pids)
    .bind(salts)
    .bind(chances)
    .bind(wide)
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes each listed entry's place in the order, and whether it won. Answers how many there were.
pub(super) async fn write_places(
    tx: &mut SqliteConnection,
    draw: DrawId,
    outcome: &DrawnOutcome,
) -> Result<u64, StoreError> {
    // Ten digits each, cut out by the row's number: with a join, the planner might read the array again for
    // every row.
    let places: String = outcome.places.iter().fold(String::new(), |mut all, place| {
        let _ = write!(all, "{place:010}");
        all
    });
    let won: Vec<u8> = outcome.won().into_iter().map(u8::from).collect();
    let done = sqlx::query(
        "UPDATE draw_entry SET place = CAST(substr($2, number * 10 + 1, 10) AS INTEGER),
            won = substr($3, number + 1, 1) = x'01'
         WHERE draw_id = $1",
    )
    .bind(draw)
    .bind(places.into_bytes())
    .bind(won)
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}
