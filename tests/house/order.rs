//! The rooms and their order: a row says which other rooms one may name.

/// Each room and the rooms it may name, besides itself. `main → web, scheduler, simulate, cli → flow → store,
/// vault, identity, numbers, oidc, notify, beacon, limits, witness → journal → domain, draw`; clock, config, locale and telemetry
/// stand beside.
pub const ORDER: &[(&str, &[&[&str]])] = &[
    ("domain", &[]),
    ("draw", &[]),
    ("journal", &[&["domain", "draw"]]),
    ("clock", &[]),
    ("config", &[]),
    ("failpoint", &[]),
    ("metrics", &[]),
    ("telemetry", &[&["config"]]),
    ("locale", &[&["domain"]]),
    ("vault", &[&["domain", "draw"]]),
    ("outbound", &[]),
    ("identity", &[&["domain", "draw", "clock"]]),
    ("notify", &[&["domain", "draw", "clock", "outbound"]]),
    ("numbers", &[&["domain", "outbound"]]),
    ("oidc", &[&["outbound"]]),
    ("beacon", &[&["domain", "draw", "clock", "outbound"]]),
    ("limits", &[&["domain", "draw", "clock"]]),
    ("witness", &[&["domain", "draw", "journal", "clock", "outbound"]]),
    ("store", &[&["domain", "draw", "failpoint"]]),
    ("flow", &[PURE, BESIDE, SERVICES, &["failpoint", "store", "metrics"]]),
    ("scheduler", &[PURE, BESIDE, SERVICES, &["store", "flow"]]),
    ("simulate", &[&["domain", "draw", "flow", "store"]]),
    // Pages know no row of the store: the flows read for them.
    ("web", &[PURE, BESIDE, SERVICES, &["flow"]]),
    (
        "cli",
        &[PURE, BESIDE, SERVICES, &["metrics", "outbound", "store", "flow", "scheduler", "simulate", "web"]],
    ),
    ("main", &[&["cli"]]),
    ("lib", &[]),
];
const PURE: &[&str] = &["domain", "draw", "journal"];
/// What stands beside all others.
const BESIDE: &[&str] = &["clock", "config", "locale", "telemetry"];
/// What flows use, apart from the store.
const SERVICES: &[&str] = &["vault", "identity", "notify", "numbers", "oidc", "beacon", "limits", "witness"];
