//! What all pages share: the frame, the language, errors, sessions, headers, limits and forms.

pub mod alarm_words;
pub mod assets;
pub mod cache;
pub mod cookies;
pub mod draft;
pub mod elsewhere;
pub mod error_page;
pub mod errors;
pub mod forms;
pub mod headers;
pub mod limit;
pub mod opening;
pub mod origin;
pub mod page;
pub mod paging;
pub mod place;
pub mod return_cost;
pub mod rules_words;
pub mod session;
pub mod watch;

pub use draft::Purpose;
pub use errors::{WebError, render};
pub use forms::{AvailabilityForm, Faults, Fields, Form};
pub use opening::OpeningView;
pub use page::Page;
pub use session::{Enrolling, Staff, StaffForm, StaffView, may};
