//! The log towards the outside: its head is signed, and anybody may ask for proofs.
//!
//! Proofs need the roots of subtrees, and a log of years does not fit in memory. The roots of blocks of
//! 256 rows do, an eighth of a byte a row; what lies within a block is read when it is asked for.
//! Sequenced rows never change, so what was read once holds. If somebody changes them all the same,
//! heads are no longer signed: a head is signed only if the rows still lead to it, and to the last head
//! that was signed.

use std::ops::Range;

use tokio::sync::Mutex;

use super::{App, FlowError};
use crate::config::Config;
use crate::domain::ids::DrawId;
use crate::draw::Hash;
use crate::draw::merkle::{consistency_path, inclusion_path, root};
use crate::journal::{HashHex, Head, LogKey, Proven, Signer};
use crate::store::records::{AuditRecord, SignedHead};
use crate::vault::Vault;

/// Rows per block whose root is kept.
const BLOCK: usize = 256;
/// Blocks read at a time.
const BLOCKS_PER_PAGE: usize = 20;

/// What is kept of the log to make proofs from: the roots of its full blocks, as far as they were needed.
#[derive(Default)]
pub struct Journal {
    blocks: Mutex<Vec<Hash>>,
}

/// Who signs for this installation. Its log is named after its public address.
///
/// # Errors
/// If the address cannot name a log.
pub fn signer(app: &App) -> Result<Signer, FlowError> {
    signer_of(&app.config, &app.vault)
}

/// As [`signer`], without a database.
///
/// # Errors
/// If the address cannot name a log.
pub fn signer_of(config: &Config, vault: &Vault) -> Result<Signer, FlowError> {
    let address = &config.http.public_url;
    let host = address.split_once("://").map_or(address.as_str(), |(_, host)| host);
    Signer::new(&format!("{host}/journal"), &vault.journal_seed())
        .map_err(|_| FlowError::Internal("http.public_url cannot name a log".to_owned()))
}

/// The key to pin.
///
/// # Errors
/// If the address cannot name a log.
pub fn key(app: &App) -> Result<LogKey, FlowError> {
    Ok(signer(app)?.key().clone())
}

/// The newest signed head.
///
/// # Errors
/// If the store fails.
pub async fn head(app: &App) -> Result<Option<SignedHead>, FlowError> {
    Ok(app.store.signed_head(i64::MAX).await?)
}

/// Signs the log's head, if it has moved. Refuses to sign a history that does not add to the one signed
/// before.
///
/// # Errors
/// If the rows no longer lead to what was signed, or the store fails.
pub async fn sign(app: &App) -> Result<(), FlowError> {
    let before = head(app).await?;
    let now = app.store.log_head().await?;
    let signed = before.as_ref().map_or(0, |head| head.size);
    if now.size == signed {
        return Ok(());
    }
    if let Some(before) = &before {
        let still = now.size > signed && root_at(app, size_of(signed)?).await?.as_slice() == before.root;
        if !still {
            return Err(rewritten(signed));
        }
    }
    let size = size_of(now.size)?;
    let root = root_at(app, size).await?;
    if root.as_slice() != now.root {
        return Err(rewritten(now.size));
    }
    let at = app.business.now();
    let note = signer(app)?.sign(&Head { size: size as u64, root, at_s: at.timestamp() });
    app.store.keep_signed_head(SignedHead { size: now.size, root: now.root, note, at }).await?;
    Ok(())
}

fn rewritten(size: i64) -> FlowError {
    FlowError::Internal(format!(
        "the log's rows no longer lead to its head of {size} rows: nothing is signed"
    ))
}

/// The proof that the tree of `new` rows only adds to that of `old`; `None` if there is none, or the log
/// was not yet signed so far.
///
/// # Errors
/// If the store fails, or rows are missing.
pub async fn consistency(app: &App, old: i64, new: i64) -> Result<Option<Vec<HashHex>>, FlowError> {
    let signed = head(app).await?.map_or(0, |head| head.size);
    if old < 0 || new > signed {
        return Ok(None);
    }
    match consistency_path(size_of(old)?, size_of(new)?) {
        Some(path) => Ok(Some(roots(app, path).await?)),
        None => Ok(None),
    }
}

/// The record of a draw's freeze with its proof in the tree of `size` rows, by default the newest signed
/// one; `None` if it is not in it. Answers the size with it.
///
/// # Errors
/// If the store fails, or rows are missing.
pub async fn freeze_proof(
    app: &App,
    draw: DrawId,
    size: Option<i64>,
) -> Result<Option<(Proven, i64)>, FlowError> {
    let signed = head(app).await?.map_or(0, |head| head.size);
    let size = size.unwrap_or(signed).min(signed);
    match app.store.frozen_row(draw).await? {
        Some(row) if row.position.is_some_and(|position| position < size) => {
            Ok(Some((proven(app, &row, size).await?, size)))
        }
        _ => Ok(None),
    }
}

/// A row of the log with its proof.
pub(super) async fn proven(app: &App, row: &AuditRecord, size: i64) -> Result<Proven, FlowError> {
    let index = size_of(row.position.unwrap_or(i64::MAX))?;
    let path = inclusion_path(index, size_of(size)?).ok_or(FlowError::NotFound("row of the log"))?;
    Ok(Proven { row: row.row(), index: index as u64, proof: roots(app, path).await? })
}

async fn roots(app: &App, path: Vec<Range<usize>>) -> Result<Vec<HashHex>, FlowError> {
    let mut roots = Vec::with_capacity(path.len());
    for subtree in path {
        roots.push(HashHex(range_root(app, subtree).await?));
    }
    Ok(roots)
}

/// The root over the first `size` rows.
///
/// # Errors
/// If the store fails, or rows are missing.
pub async fn root_at(app: &App, size: usize) -> Result<Hash, FlowError> {
    range_root(app, 0..size).await
}

/// The root of a subtree: it begins at a multiple of a power of two that is no less than its length, and
/// so, if it is as long as a block, where a block begins.
async fn range_root(app: &App, range: Range<usize>) -> Result<Hash, FlowError> {
    if range.len() < BLOCK {
        return Ok(root(&hashes(app, range).await?));
    }
    let (first, last) = (range.start / BLOCK, range.end / BLOCK);
    let mut nodes = blocks(app, first..last).await?;
    if !range.end.is_multiple_of(BLOCK) {
        nodes.push(root(&hashes(app, last * BLOCK..range.end).await?));
    }
    Ok(root(&nodes))
}

async fn blocks(app: &App, wanted: Range<usize>) -> Result<Vec<Hash>, FlowError> {
    let mut blocks = app.journal.blocks.lock().await;
    while blocks.len() < wanted.end {
        let end = wanted.end.min(blocks.len() + BLOCKS_PER_PAGE);
        let page = hashes(app, blocks.len() * BLOCK..end * BLOCK).await?;
        blocks.extend(page.chunks(BLOCK).map(root));
    }
    Ok(blocks[wanted].to_vec())
}

async fn hashes(app: &App, range: Range<usize>) -> Result<Vec<Hash>, FlowError> {
    let place = |at: usize| i64::try_from(at).map_err(|error| FlowError::Internal(error.to_string()));
    let found = app.store.log_hashes(place(range.start)?, place(range.end)?).await?;
    let whole: Vec<Hash> = found.into_iter().filter_map(|leaf| leaf.try_into().ok()).collect();
    if whole.len() == range.len() {
        Ok(whole)
    } else {
        Err(FlowError::Internal(format!("the log has lost rows between {} and {}", range.start, range.end)))
    }
}

fn size_of(size: i64) -> Result<usize, FlowError> {
    usize::try_from(size).map_err(|error| FlowError::Internal(error.to_string()))
}
