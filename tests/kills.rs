//! The real program, killed (-9) or paused at every named place, started again, and judged: every
//! invariant, the outbox, each bundle. The places are those of `docs/development.md`; the program's clock
//! is set by libfaketime, so that a draw that takes hours is lived in seconds.

mod common;
#[path = "kills/draw.rs"]
mod draw;
#[path = "kills/gateway.rs"]
mod gateway;
#[path = "kills/notice.rs"]
mod notice;
#[path = "common/port.rs"]
mod port;
#[path = "kills/postgres.rs"]
mod postgres;
#[path = "kills/program.rs"]
mod program;
#[path = "common/recorded.rs"]
mod recorded;
#[path = "common/relay.rs"]
mod relay;
#[path = "kills/round.rs"]
mod round;
#[path = "kills/servers.rs"]
mod servers;
#[path = "kills/surroundings.rs"]
mod surroundings;
#[path = "kills/world.rs"]
mod world;
