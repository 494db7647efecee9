//! Booking as it is done elsewhere: the first to send the form takes the first free seat. It uses
//! the real pages and the real store, so that the two systems differ in nothing else. Registrations are
//! stored as usual; which seats are free, and who has one, is kept only in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use passage::domain::ids::SlotId;
use passage::flow::App;

use super::players::{SEAT_MARK, reference_of};

const RECEIPT: &str = "/s/recu";

/// The seats still free, and who has taken which: in memory, with any database.
#[derive(Default)]
pub struct Seats(Mutex<Taken>);

#[derive(Default)]
struct Taken {
    free: Vec<SlotId>,
    by_reference: HashMap<String, SlotId>,
}

impl Seats {
    /// Puts these seats online, the first one first.
    pub fn open(&self, seats: impl DoubleEndedIterator<Item = SlotId>) {
        self.0.lock().unwrap().free.extend(seats.rev());
    }

    /// The seat of the person who asks: the one they have, or the first free one.
    fn take(&self, reference: &str) -> Option<SlotId> {
        let mut taken = self.0.lock().unwrap();
        if let Some(seat) = taken.by_reference.get(reference) {
            return Some(*seat);
        }
        let seat = taken.free.pop()?;
        taken.by_reference.insert(reference.to_owned(), seat);
        Some(seat)
    }
}

/// The real pages with booking behind them.
pub fn router(app: &Arc<App>, seats: &Arc<Seats>) -> Router {
    passage::web::router(app.clone()).layer(from_fn_with_state(seats.clone(), first_come))
}

async fn first_come(State(seats): State<Arc<Seats>>, request: Request, next: Next) -> Response {
    // A registration leads here at once.
    let is_receipt = request.method() == Method::GET && request.uri().path() == RECEIPT;
    let response = next.run(request).await;
    if !is_receipt || response.status() != StatusCode::OK {
        return response;
    }
    let page = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let page = String::from_utf8_lossy(&page);
    match seats.take(reference_of(&page).unwrap_or_default()) {
        Some(seat) => format!("{page}\n{SEAT_MARK}{seat}").into_response(),
        None => (StatusCode::CONFLICT, "Aucun créneau n’est disponible pour le moment.").into_response(),
    }
}
