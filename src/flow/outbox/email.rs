//! Whether an e-mail may leave: it costs nothing, so whenever there is somebody to carry it.

use async_trait::async_trait;

use super::{Guard, Held};
use crate::flow::App;
use crate::store::records::LeasedNotice;

pub(super) struct EmailGuard;

#[async_trait]
impl Guard for EmailGuard {
    async fn may_leave(&mut self, _app: &App, _notice: &LeasedNotice, _to: &str) -> Result<(), Held> {
        Ok(())
    }
}
