-- The spine: who serves, who waits, slots, draws, convocations, notices, the log.
-- The same file stands in both dialects; only the names of types differ.

CREATE TABLE installation (
    id INT PRIMARY KEY CHECK (id = 1),
    -- Tells a wrong master key before anything is read with it.
    key_check BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    -- Where the demo's business clock stood; null elsewhere.
    business_now TIMESTAMPTZ
);

CREATE TABLE prefecture (
    id UUID PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    -- How to be helped without a computer: address, hours, phone.
    help TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE site (
    id UUID PRIMARY KEY,
    prefecture_id UUID NOT NULL REFERENCES prefecture (id),
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    zone TEXT NOT NULL,
    UNIQUE (prefecture_id, slug)
);

CREATE TABLE desk (
    id UUID PRIMARY KEY,
    site_id UUID NOT NULL REFERENCES site (id),
    number INT NOT NULL CHECK (number BETWEEN 1 AND 65535),
    UNIQUE (site_id, number)
);

CREATE TABLE procedure (
    id UUID PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
);

CREATE TABLE queue (
    id UUID PRIMARY KEY,
    prefecture_id UUID NOT NULL REFERENCES prefecture (id),
    procedure_id UUID NOT NULL REFERENCES procedure (id),
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    -- The version that the next announced draw will follow.
    rules_version INT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (prefecture_id, procedure_id),
    UNIQUE (prefecture_id, slug)
);

CREATE TABLE staff (
    id UUID PRIMARY KEY,
    prefecture_id UUID NOT NULL REFERENCES prefecture (id),
    login TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('agent', 'manager')),
    created_at TIMESTAMPTZ NOT NULL,
    disabled_at TIMESTAMPTZ
);

CREATE TABLE session (
    -- The hash of the cookie's token: a stolen database opens no session.
    token_hash BYTEA PRIMARY KEY,
    staff_id UUID NOT NULL REFERENCES staff (id),
    csrf BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE rules (
    queue_id UUID NOT NULL REFERENCES queue (id),
    version INT NOT NULL,
    body JSONB NOT NULL,
    proposed_by UUID REFERENCES staff (id),
    proposed_at TIMESTAMPTZ NOT NULL,
    approved_by UUID REFERENCES staff (id),
    approved_at TIMESTAMPTZ,
    rejected_at TIMESTAMPTZ,
    PRIMARY KEY (queue_id, version),
    -- The first version needs one person, later ones two.
    CHECK (version = 1 OR approved_by IS NULL OR approved_by <> proposed_by)
);
CREATE UNIQUE INDEX rules_one_proposal ON rules (queue_id) WHERE approved_at IS NULL AND rejected_at IS NULL;

CREATE TABLE applicant (
    id UUID PRIMARY KEY,
    wrapped_key BYTEA NOT NULL,
    birth_name BYTEA NOT NULL,
    given_names BYTEA NOT NULL,
    birth_date BYTEA NOT NULL,
    foreigner_number BYTEA,
    document BYTEA,
    phone BYTEA,
    email BYTEA,
    -- Same name and birth date: flags a pair for an agent, decides nothing.
    name_birth_print BYTEA NOT NULL,
    birth_print BYTEA NOT NULL,
    language TEXT NOT NULL,
    reach_sms BOOLEAN NOT NULL,
    reach_email BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX applicant_name_birth ON applicant (name_birth_print);

CREATE TABLE entry (
    id UUID PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    queue_id UUID NOT NULL REFERENCES queue (id),
    applicant_id UUID NOT NULL REFERENCES applicant (id),
    state TEXT NOT NULL CHECK (state IN ('awaiting_identity', 'waiting', 'convoked', 'served', 'withdrawn', 'closed')),
    close_reason TEXT,
    channel TEXT NOT NULL CHECK (channel IN ('online', 'phone', 'counter')),
    registered_at TIMESTAMPTZ NOT NULL,
    arrival_day INT NOT NULL,
    identity_verified_at TIMESTAMPTZ,
    -- 'register', 'document', or null while it is only declared.
    identity_how TEXT,
    identity_warnings INT NOT NULL DEFAULT 0,
    draws_survived INT NOT NULL DEFAULT 0 CHECK (draws_survived >= 0),
    declines INT NOT NULL DEFAULT 0,
    displaced BOOLEAN NOT NULL DEFAULT FALSE,
    priority BOOLEAN NOT NULL DEFAULT FALSE,
    labels JSONB NOT NULL,
    deadline DATE,
    deadline_kind TEXT,
    deadline_seen_at TIMESTAMPTZ,
    availability JSONB NOT NULL,
    paused BOOLEAN NOT NULL DEFAULT FALSE,
    paused_until TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    CHECK ((state = 'closed') = (close_reason IS NOT NULL)),
    CHECK ((state IN ('served', 'withdrawn', 'closed')) = (ended_at IS NOT NULL)),
    CHECK ((identity_verified_at IS NULL) = (identity_how IS NULL))
);
CREATE INDEX entry_listed ON entry (queue_id, state, arrival_day);
CREATE INDEX entry_applicant ON entry (applicant_id);

-- Invariant 1: one live entry per verified key and procedure. Rows stand only while the entry is live.
CREATE TABLE live_key (
    procedure_id UUID NOT NULL REFERENCES procedure (id),
    -- The prefecture's id, or all zeros where the rules say one per installation.
    scope UUID NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('foreigner_number', 'document', 'oidc')),
    print BYTEA NOT NULL,
    entry_id UUID NOT NULL REFERENCES entry (id),
    PRIMARY KEY (procedure_id, kind, print, scope)
);
CREATE INDEX live_key_entry ON live_key (entry_id);

-- Priorities (tier 1) and labels: who, why, and a second agent.
CREATE TABLE privilege (
    id UUID PRIMARY KEY,
    entry_id UUID NOT NULL REFERENCES entry (id),
    -- 0 is priority; 1 to 255 a reserve's label.
    label INT NOT NULL CHECK (label BETWEEN 0 AND 255),
    reason BYTEA NOT NULL,
    proposed_by UUID NOT NULL REFERENCES staff (id),
    proposed_at TIMESTAMPTZ NOT NULL,
    approved_by UUID REFERENCES staff (id),
    approved_at TIMESTAMPTZ,
    CHECK (label <> 0 OR approved_by IS NULL OR approved_by <> proposed_by),
    UNIQUE (entry_id, label)
);

CREATE TABLE idempotency (
    key_print BYTEA PRIMARY KEY,
    request_print BYTEA NOT NULL,
    entry_id UUID NOT NULL REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    created_at TIMESTAMPTZ NOT NULL
);

-- The imported register of numéros étrangers: fingerprints only.
CREATE TABLE register_number (
    number_print BYTEA PRIMARY KEY,
    -- Number and birth date together.
    number_birth_print BYTEA NOT NULL,
    imported_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE draw (
    id UUID PRIMARY KEY,
    queue_id UUID NOT NULL REFERENCES queue (id),
    number INT NOT NULL,
    rules_version INT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('announced', 'frozen', 'seeded', 'drawn', 'published', 'annulled')),
    announced_at TIMESTAMPTZ NOT NULL,
    freeze_at TIMESTAMPTZ NOT NULL,
    -- When the randomness is out.
    seed_at TIMESTAMPTZ NOT NULL,
    previous UUID REFERENCES draw (id),
    source JSONB NOT NULL,
    -- The commitment's secret, sealed; null for drand.
    secret BYTEA,
    frozen_at TIMESTAMPTZ,
    freeze_hash BYTEA,
    entry_count INT,
    slot_count INT,
    winner_count INT,
    -- Whom the freeze left out, by reason, and the use of tiers.
    counts JSONB,
    opening BYTEA,
    seeded_at TIMESTAMPTZ,
    outcome_hash BYTEA,
    drawn_at TIMESTAMPTZ,
    published_at TIMESTAMPTZ,
    annulled_at TIMESTAMPTZ,
    annul_reason TEXT,
    annul_proposed_by UUID REFERENCES staff (id),
    annul_approved_by UUID REFERENCES staff (id),
    CHECK (annul_approved_by IS NULL OR annul_approved_by <> annul_proposed_by),
    CHECK (state <> 'annulled' OR (annulled_at IS NOT NULL AND annul_reason IS NOT NULL)),
    UNIQUE (queue_id, number),
    FOREIGN KEY (queue_id, rules_version) REFERENCES rules (queue_id, version)
);
-- Invariant 3: one draw per queue at a time.
CREATE UNIQUE INDEX draw_one_at_a_time ON draw (queue_id) WHERE state IN ('announced', 'frozen', 'seeded', 'drawn');
CREATE INDEX draw_due ON draw (state, freeze_at);

-- The frozen list, then the whole bundle, as published.
CREATE TABLE draw_document (
    draw_id UUID NOT NULL REFERENCES draw (id),
    kind TEXT NOT NULL CHECK (kind IN ('list', 'bundle')),
    body BYTEA NOT NULL,
    PRIMARY KEY (draw_id, kind)
);

CREATE TABLE slot (
    id UUID PRIMARY KEY,
    queue_id UUID NOT NULL REFERENCES queue (id),
    site_id UUID NOT NULL REFERENCES site (id),
    desk_id UUID NOT NULL REFERENCES desk (id),
    starts_at TIMESTAMPTZ NOT NULL,
    minutes INT NOT NULL CHECK (minutes BETWEEN 1 AND 600),
    state TEXT NOT NULL CHECK (state IN ('free', 'frozen', 'taken', 'lapsed', 'withdrawn')),
    draw_id UUID REFERENCES draw (id),
    -- Withdrawn while in a frozen list: a win of it is cancelled by the prefecture.
    withdrawn_at TIMESTAMPTZ,
    -- The draw after which the slot was freed: it is offered only in a later one.
    published_at TIMESTAMPTZ NOT NULL,
    CHECK ((state = 'frozen') = (draw_id IS NOT NULL))
);
CREATE UNIQUE INDEX slot_desk_time ON slot (desk_id, starts_at) WHERE state <> 'withdrawn';
CREATE INDEX slot_pool ON slot (queue_id, state, starts_at);
CREATE INDEX slot_draw ON slot (draw_id);

-- Which entry stood where in a frozen list. The salt is shown to the holder alone.
CREATE TABLE draw_entry (
    draw_id UUID NOT NULL REFERENCES draw (id),
    number INT NOT NULL,
    entry_id UUID NOT NULL REFERENCES entry (id),
    pid BYTEA NOT NULL,
    salt BYTEA NOT NULL,
    tier INT NOT NULL,
    -- Accepted at least one class that had a seat.
    had_chance BOOLEAN NOT NULL,
    -- Place in the order, from 1, once drawn.
    place INT,
    won BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (draw_id, number)
);
CREATE UNIQUE INDEX draw_entry_once ON draw_entry (entry_id, draw_id);

CREATE TABLE convocation (
    id UUID PRIMARY KEY,
    draw_id UUID NOT NULL REFERENCES draw (id),
    entry_id UUID NOT NULL REFERENCES entry (id),
    slot_id UUID NOT NULL REFERENCES slot (id),
    state TEXT NOT NULL CHECK (state IN ('live', 'attended', 'missed', 'declined', 'cancelled_late',
        'cancelled_by_prefecture', 'cancelled_by_holder', 'wrong_counter', 'not_the_person')),
    issued_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    reason BYTEA,
    CHECK ((state = 'live') = (ended_at IS NULL)),
    UNIQUE (draw_id, entry_id),
    UNIQUE (draw_id, slot_id)
);
-- Invariant 2: one live convocation per slot and per entry.
CREATE UNIQUE INDEX convocation_live_slot ON convocation (slot_id) WHERE state = 'live';
CREATE UNIQUE INDEX convocation_live_entry ON convocation (entry_id) WHERE state = 'live';
CREATE INDEX convocation_slot ON convocation (slot_id);
CREATE INDEX convocation_entry ON convocation (entry_id);

CREATE TABLE notice (
    id UUID PRIMARY KEY,
    entry_id UUID NOT NULL REFERENCES entry (id),
    convocation_id UUID REFERENCES convocation (id),
    kind TEXT NOT NULL,
    way TEXT NOT NULL CHECK (way IN ('sms', 'email', 'letter')),
    state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'accepted', 'delivered', 'rejected', 'undelivered', 'unknown', 'expired', 'superseded')),
    due_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    -- A lease on real time; its epoch makes a stale holder lose.
    lease_until TIMESTAMPTZ,
    lease_epoch INT NOT NULL DEFAULT 0,
    gateway_id TEXT,
    detail TEXT,
    settled_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX notice_once ON notice (convocation_id, kind, way) WHERE convocation_id IS NOT NULL;
CREATE INDEX notice_due ON notice (state, due_at);
CREATE INDEX notice_entry ON notice (entry_id);
CREATE INDEX notice_settled ON notice (settled_at);

-- Invariant 9: rows are written with what they record; the sequencer gives each its place later.
CREATE TABLE audit (
    id UUID PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail JSONB NOT NULL,
    leaf BYTEA NOT NULL,
    position BIGINT UNIQUE
);
CREATE INDEX audit_tail ON audit (at, id) WHERE position IS NULL;
CREATE INDEX audit_subject ON audit (subject);

CREATE TABLE log_head (
    size BIGINT PRIMARY KEY,
    root BYTEA NOT NULL,
    -- The roots of the perfect subtrees: what appending needs.
    frontier BYTEA NOT NULL,
    at TIMESTAMPTZ NOT NULL
);
