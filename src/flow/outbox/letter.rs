//! Letters do not leave by themselves: an agent prints them, hands them over or posts them, and says so.

use crate::domain::entry::ConvocationState;
use crate::domain::ids::StaffId;
use crate::domain::letter::Sent;
use crate::domain::notice::Way;
use crate::flow::people::Reader;
use crate::flow::read::notices::Notice;
use crate::flow::status::{Holder, holder};
use crate::flow::texts::{Appointment, Topic, appointment, rendered};
use crate::flow::{App, FlowError};
use crate::notify::Rendered;

/// A letter, ready to print.
pub struct Sheet {
    pub holder: Holder,
    pub rendered: Rendered,
    /// The appointment that it is about, if it is about one.
    pub about: Option<Appointment>,
    /// It calls to an appointment that has ended: a copy that must call nobody.
    pub has_ended: bool,
}

/// Writes a letter, for the first time or again: about its own appointment, whatever has come after it.
///
/// # Errors
/// [`FlowError::NotFound`] if the notice is no letter, or its person is erased.
pub async fn sheet(app: &App, notice: &Notice, reader: Reader) -> Result<Sheet, FlowError> {
    if notice.way != Way::Letter {
        return Err(FlowError::NotFound("letter"));
    }
    let holder = holder(app, notice.entry_id, reader).await?;
    if holder.entry.erased_at.is_some() {
        return Err(FlowError::NotFound("letter"));
    }
    let about = appointment(app, &holder, notice.convocation_id).await?;
    let rendered = rendered(&holder, Topic::from(notice), about.as_ref(), &app.config.http.public_url);
    let is_over = about.as_ref().is_some_and(|(record, _)| record.state != ConvocationState::Live);
    Ok(Sheet { holder, rendered, about, has_ended: is_over && notice.kind.dies_with_convocation() })
}

/// An agent has handed over or posted the letter: terms begin when it counts as received. False if somebody has
/// already, or it is of no more use.
///
/// # Errors
/// If the store fails.
pub async fn done(app: &App, notice: &Notice, sent: Sent, by: StaffId) -> Result<bool, FlowError> {
    let (now, zone) = (app.business.now(), holder(app, notice.entry_id, Reader::Program).await?.zone);
    Ok(app.store.letter_done(notice.id, sent, sent.received_at(now, zone), by, now).await?)
}
