//! The real program, killed (-9) or paused at every failpoint, started again, and checked: every
//! invariant, the outbox, each bundle. `docs/development.md` lists the failpoints; libfaketime sets the
//! program's clock, so that a draw that takes hours runs in seconds.

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
