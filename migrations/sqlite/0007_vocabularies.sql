-- The words of the small closed vocabularies become rows: a new word is an INSERT, and a foreign key still
-- refuses a wrong one. SQLite cannot alter a CHECK: each such table is written again, and the references to it are
-- checked at the commit.
-- One fingerprint a use: the birth date alone has its own key, so the program computes it again at its next start.
-- A counter tells every process when what is configured has changed.

PRAGMA defer_foreign_keys = ON;

CREATE TABLE staff_role (word TEXT PRIMARY KEY);
INSERT INTO staff_role (word) VALUES ('agent'), ('manager');
CREATE TABLE channel (word TEXT PRIMARY KEY);
INSERT INTO channel (word) VALUES ('online'), ('phone'), ('counter');
CREATE TABLE entry_state (word TEXT PRIMARY KEY);
INSERT INTO entry_state (word) VALUES ('awaiting_identity'), ('waiting'), ('convoked'), ('served'), ('withdrawn'), ('closed');
CREATE TABLE close_reason (word TEXT PRIMARY KEY);
INSERT INTO close_reason (word) VALUES ('identity'), ('missed'), ('late_cancel'), ('duplicate');
CREATE TABLE identity_proof (word TEXT PRIMARY KEY);
INSERT INTO identity_proof (word) VALUES ('register'), ('document');
CREATE TABLE deadline_kind (word TEXT PRIMARY KEY);
INSERT INTO deadline_kind (word) VALUES ('permit_expiry'), ('protection_order'), ('other');
CREATE TABLE key_kind (word TEXT PRIMARY KEY);
INSERT INTO key_kind (word) VALUES ('foreigner_number'), ('document'), ('oidc');
CREATE TABLE draw_state (word TEXT PRIMARY KEY);
INSERT INTO draw_state (word) VALUES ('announced'), ('frozen'), ('seeded'), ('drawn'), ('published'), ('annulled');
CREATE TABLE document_kind (word TEXT PRIMARY KEY);
INSERT INTO document_kind (word) VALUES ('list'), ('bundle'), ('figures');
CREATE TABLE slot_state (word TEXT PRIMARY KEY);
INSERT INTO slot_state (word) VALUES ('free'), ('frozen'), ('taken'), ('lapsed'), ('withdrawn');
CREATE TABLE convocation_state (word TEXT PRIMARY KEY);
INSERT INTO convocation_state (word) VALUES ('live'), ('attended'), ('missed'), ('declined'), ('cancelled_late'), ('cancelled_by_prefecture'), ('cancelled_by_holder'), ('wrong_counter'), ('not_the_person');
CREATE TABLE notice_kind (word TEXT PRIMARY KEY);
INSERT INTO notice_kind (word) VALUES ('receipt'), ('identity_wanted'), ('identity_warning'), ('convocation'), ('reminder'), ('cancellation'), ('missed'), ('apology'), ('withdrawal'), ('moved'), ('closure');
CREATE TABLE notice_way (word TEXT PRIMARY KEY);
INSERT INTO notice_way (word) VALUES ('sms'), ('email'), ('letter');
CREATE TABLE notice_state (word TEXT PRIMARY KEY);
INSERT INTO notice_state (word) VALUES ('pending'), ('sending'), ('accepted'), ('delivered'), ('rejected'), ('undelivered'), ('unknown'), ('expired'), ('superseded');
CREATE TABLE territory (word TEXT PRIMARY KEY);
INSERT INTO territory (word) VALUES ('metropole'), ('alsace_moselle'), ('guadeloupe'), ('martinique'), ('guyane'), ('reunion'), ('mayotte'), ('saint_pierre_et_miquelon'), ('saint_barthelemy'), ('saint_martin'), ('nouvelle_caledonie'), ('wallis_et_futuna'), ('polynesie_francaise');

CREATE TABLE site_before AS SELECT * FROM site;
DROP TABLE site;
CREATE TABLE site (
    id BLOB PRIMARY KEY,
    prefecture_id BLOB NOT NULL REFERENCES prefecture (id),
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    zone TEXT NOT NULL,
    -- The public holidays of a site, where its zone does not tell them: Alsace and Moselle.
    territory TEXT REFERENCES territory (word),
    UNIQUE (prefecture_id, slug)
);
INSERT INTO site (id, prefecture_id, slug, name, address, zone, territory)
SELECT id, prefecture_id, slug, name, address, zone, territory FROM site_before;
DROP TABLE site_before;

CREATE TABLE staff_before AS SELECT * FROM staff;
DROP TABLE staff;
CREATE TABLE staff (
    id BLOB PRIMARY KEY,
    prefecture_id BLOB NOT NULL REFERENCES prefecture (id),
    login TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL REFERENCES staff_role (word),
    created_at TEXT NOT NULL,
    disabled_at TEXT
);
INSERT INTO staff (id, prefecture_id, login, password_hash, role, created_at, disabled_at)
SELECT id, prefecture_id, login, password_hash, role, created_at, disabled_at FROM staff_before;
DROP TABLE staff_before;

CREATE TABLE entry_before AS SELECT * FROM entry;
DROP TABLE entry;
CREATE TABLE entry (
    id BLOB PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    queue_id BLOB NOT NULL REFERENCES queue (id),
    applicant_id BLOB NOT NULL REFERENCES applicant (id),
    state TEXT NOT NULL REFERENCES entry_state (word),
    close_reason TEXT REFERENCES close_reason (word),
    channel TEXT NOT NULL REFERENCES channel (word),
    registered_at TEXT NOT NULL,
    arrival_day INTEGER NOT NULL,
    identity_verified_at TEXT,
    -- 'register', 'document', or null while it is only declared.
    identity_how TEXT REFERENCES identity_proof (word),
    identity_warnings INTEGER NOT NULL DEFAULT 0,
    draws_survived INTEGER NOT NULL DEFAULT 0 CHECK (draws_survived >= 0),
    declines INTEGER NOT NULL DEFAULT 0,
    displaced BOOLEAN NOT NULL DEFAULT FALSE,
    priority BOOLEAN NOT NULL DEFAULT FALSE,
    labels TEXT NOT NULL,
    deadline TEXT,
    deadline_kind TEXT REFERENCES deadline_kind (word),
    deadline_seen_at TEXT,
    availability TEXT NOT NULL,
    paused BOOLEAN NOT NULL DEFAULT FALSE,
    paused_until TEXT,
    ended_at TEXT,
    CHECK ((state = 'closed') = (close_reason IS NOT NULL)),
    CHECK ((state IN ('served', 'withdrawn', 'closed')) = (ended_at IS NOT NULL)),
    CHECK ((identity_verified_at IS NULL) = (identity_how IS NULL))
);
INSERT INTO entry (id, reference, queue_id, applicant_id, state, close_reason, channel, registered_at,
    arrival_day, identity_verified_at, identity_how, identity_warnings, draws_survived, declines, displaced,
    priority, labels, deadline, deadline_kind, deadline_seen_at, availability, paused, paused_until, ended_at)
SELECT id, reference, queue_id, applicant_id, state, close_reason, channel, registered_at, arrival_day,
    identity_verified_at, identity_how, identity_warnings, draws_survived, declines, displaced, priority,
    labels, deadline, deadline_kind, deadline_seen_at, availability, paused, paused_until, ended_at FROM
    entry_before;
DROP TABLE entry_before;
CREATE INDEX entry_listed ON entry (queue_id, state, arrival_day);
CREATE INDEX entry_applicant ON entry (applicant_id);

CREATE TABLE live_key_before AS SELECT * FROM live_key;
DROP TABLE live_key;
CREATE TABLE live_key (
    procedure_id BLOB NOT NULL REFERENCES procedure (id),
    -- The prefecture's id, or all zeros where the rules say one per installation.
    scope BLOB NOT NULL,
    kind TEXT NOT NULL REFERENCES key_kind (word),
    print BLOB NOT NULL,
    entry_id BLOB NOT NULL REFERENCES entry (id),
    PRIMARY KEY (procedure_id, kind, print, scope)
);
INSERT INTO live_key (procedure_id, scope, kind, print, entry_id)
SELECT procedure_id, scope, kind, print, entry_id FROM live_key_before;
DROP TABLE live_key_before;
CREATE INDEX live_key_entry ON live_key (entry_id);

CREATE TABLE draw_before AS SELECT * FROM draw;
DROP TABLE draw;
CREATE TABLE draw (
    id BLOB PRIMARY KEY,
    queue_id BLOB NOT NULL REFERENCES queue (id),
    number INTEGER NOT NULL,
    rules_version INTEGER NOT NULL,
    state TEXT NOT NULL REFERENCES draw_state (word),
    announced_at TEXT NOT NULL,
    freeze_at TEXT NOT NULL,
    -- When the randomness is out.
    seed_at TEXT NOT NULL,
    previous BLOB REFERENCES draw (id),
    source TEXT NOT NULL,
    -- The commitment's secret, sealed; null for drand.
    secret BLOB,
    frozen_at TEXT,
    freeze_hash BLOB,
    entry_count INTEGER,
    slot_count INTEGER,
    winner_count INTEGER,
    -- Whom the freeze left out, by reason, and the use of tiers.
    counts TEXT,
    opening BLOB,
    seeded_at TEXT,
    outcome_hash BLOB,
    drawn_at TEXT,
    published_at TEXT,
    annulled_at TEXT,
    annul_reason TEXT,
    annul_proposed_by BLOB REFERENCES staff (id),
    annul_approved_by BLOB REFERENCES staff (id),
    CHECK (annul_approved_by IS NULL OR annul_approved_by <> annul_proposed_by),
    CHECK (state <> 'annulled' OR (annulled_at IS NOT NULL AND annul_reason IS NOT NULL)),
    UNIQUE (queue_id, number),
    FOREIGN KEY (queue_id, rules_version) REFERENCES rules (queue_id, version)
);
INSERT INTO draw (id, queue_id, number, rules_version, state, announced_at, freeze_at, seed_at, previous,
    source, secret, frozen_at, freeze_hash, entry_count, slot_count, winner_count, counts, opening, seeded_at,
    outcome_hash, drawn_at, published_at, annulled_at, annul_reason, annul_proposed_by, annul_approved_by)
SELECT id, queue_id, number, rules_version, state, announced_at, freeze_at, seed_at, previous, source, secret,
    frozen_at, freeze_hash, entry_count, slot_count, winner_count, counts, opening, seeded_at, outcome_hash,
    drawn_at, published_at, annulled_at, annul_reason, annul_proposed_by, annul_approved_by FROM draw_before;
DROP TABLE draw_before;
CREATE UNIQUE INDEX draw_one_at_a_time ON draw (queue_id) WHERE state IN ('announced', 'frozen', 'seeded', 'drawn');
CREATE INDEX draw_due ON draw (state, freeze_at);

CREATE TABLE draw_document_before AS SELECT * FROM draw_document;
DROP TABLE draw_document;
CREATE TABLE draw_document (
    draw_id BLOB NOT NULL REFERENCES draw (id),
    kind TEXT NOT NULL REFERENCES document_kind (word),
    number INTEGER NOT NULL CHECK (number >= 0),
    body BLOB NOT NULL,
    PRIMARY KEY (draw_id, kind, number)
);
INSERT INTO draw_document (draw_id, kind, number, body)
SELECT draw_id, kind, number, body FROM draw_document_before;
DROP TABLE draw_document_before;

CREATE TABLE slot_before AS SELECT * FROM slot;
DROP TABLE slot;
CREATE TABLE slot (
    id BLOB PRIMARY KEY,
    queue_id BLOB NOT NULL REFERENCES queue (id),
    site_id BLOB NOT NULL REFERENCES site (id),
    desk_id BLOB NOT NULL REFERENCES desk (id),
    starts_at TEXT NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 600),
    state TEXT NOT NULL REFERENCES slot_state (word),
    draw_id BLOB REFERENCES draw (id),
    -- Withdrawn while in a frozen list: a win of it is cancelled by the prefecture.
    withdrawn_at TEXT,
    -- The draw after which the slot was freed: it is offered only in a later one.
    published_at TEXT NOT NULL,
    CHECK ((state = 'frozen') = (draw_id IS NOT NULL))
);
INSERT INTO slot (id, queue_id, site_id, desk_id, starts_at, minutes, state, draw_id, withdrawn_at,
    published_at)
SELECT id, queue_id, site_id, desk_id, starts_at, minutes, state, draw_id, withdrawn_at, published_at FROM
    slot_before;
DROP TABLE slot_before;
CREATE UNIQUE INDEX slot_desk_time ON slot (desk_id, starts_at) WHERE state <> 'withdrawn';
CREATE INDEX slot_pool ON slot (queue_id, state, starts_at);
CREATE INDEX slot_draw ON slot (draw_id);

CREATE TABLE convocation_before AS SELECT * FROM convocation;
DROP TABLE convocation;
CREATE TABLE convocation (
    id BLOB PRIMARY KEY,
    draw_id BLOB NOT NULL REFERENCES draw (id),
    entry_id BLOB NOT NULL REFERENCES entry (id),
    slot_id BLOB NOT NULL REFERENCES slot (id),
    state TEXT NOT NULL REFERENCES convocation_state (word),
    issued_at TEXT NOT NULL,
    ended_at TEXT,
    reason BLOB,
    CHECK ((state = 'live') = (ended_at IS NULL)),
    UNIQUE (draw_id, entry_id),
    UNIQUE (draw_id, slot_id)
);
INSERT INTO convocation (id, draw_id, entry_id, slot_id, state, issued_at, ended_at, reason)
SELECT id, draw_id, entry_id, slot_id, state, issued_at, ended_at, reason FROM convocation_before;
DROP TABLE convocation_before;
CREATE UNIQUE INDEX convocation_live_slot ON convocation (slot_id) WHERE state = 'live';
CREATE UNIQUE INDEX convocation_live_entry ON convocation (entry_id) WHERE state = 'live';
CREATE INDEX convocation_slot ON convocation (slot_id);
CREATE INDEX convocation_entry ON convocation (entry_id);

CREATE TABLE notice_before AS SELECT * FROM notice;
DROP TABLE notice;
CREATE TABLE notice (
    id BLOB PRIMARY KEY,
    entry_id BLOB NOT NULL REFERENCES entry (id),
    convocation_id BLOB REFERENCES convocation (id),
    kind TEXT NOT NULL REFERENCES notice_kind (word),
    way TEXT NOT NULL REFERENCES notice_way (word),
    state TEXT NOT NULL REFERENCES notice_state (word),
    due_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    -- A lease on real time; its epoch makes a stale holder lose.
    lease_until TEXT,
    lease_epoch INTEGER NOT NULL DEFAULT 0,
    gateway_id TEXT,
    detail TEXT,
    settled_at TEXT
);
INSERT INTO notice (id, entry_id, convocation_id, kind, way, state, due_at, created_at, lease_until,
    lease_epoch, gateway_id, detail, settled_at)
SELECT id, entry_id, convocation_id, kind, way, state, due_at, created_at, lease_until, lease_epoch,
    gateway_id, detail, settled_at FROM notice_before;
DROP TABLE notice_before;
CREATE UNIQUE INDEX notice_once ON notice (convocation_id, kind, way) WHERE convocation_id IS NOT NULL;
CREATE INDEX notice_due ON notice (state, due_at);
CREATE INDEX notice_entry ON notice (entry_id);
CREATE INDEX notice_settled ON notice (settled_at);

-- Null until the program has computed it with the key of its own field.
ALTER TABLE applicant ADD COLUMN birth_date_print BLOB;
ALTER TABLE applicant DROP COLUMN birth_print;
CREATE INDEX applicant_without_print ON applicant (id) WHERE birth_date_print IS NULL;

CREATE TABLE directory_revision (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL
);
INSERT INTO directory_revision (id, revision) VALUES (1, 0);
CREATE TRIGGER prefecture_insert_revises AFTER INSERT ON prefecture
BEGIN UPDATE directory_revision SET revision = revision + 1; END;
CREATE TRIGGER prefecture_update_revises AFTER UPDATE ON prefecture
BEGIN UPDATE directory_revision SET revision = revision + 1; END;
CREATE TRIGGER prefecture_delete_revises AFTER DELETE ON prefecture
BEGIN UPDATE directory_revision SET revision = revision + 1; END;
CREATE TRIGGER site_insert_revises AFTER INSERT ON site
BEGIN UPDATE directory_revision SET revision = revision + 1; END;
CREATE TRIGGER site_update_revises AFTER UPDATE ON site
BEGIN UPDATE directory_revision SET revision = revision + 1; END;
CREATE TRIGGER site_delete_revises AFTER DELETE ON site
BEGIN UPDATE directory_revision SET revision = revision + 1; END;
CREATE TRIGGER desk_insert_revises AFTER INSERT ON desk
BEGIN UPDATE directory_revision SET revision = revision + 1; END;
CREATE TRIGGER desk_update_revises AFTER UPDATE ON desk
BEGIN UPDATE directory_revision SET revision = revision + 1; END;
CREATE TRIGGER desk_delete_revises AFTER DELETE ON desk
BEGIN UPDATE directory_revision SET revision = revision + 1; END;
CREATE TRIGGER procedure_insert_revises AFTER INSERT ON procedure
BEGIN UPDATE directory_revision SET revision = revision + 1; END;
CREATE TRIGGER procedure_update_revises AFTER UPDATE ON procedure
BEGIN UPDATE directory_revision SET revision = revision + 1; END;
CREATE TRIGGER procedure_delete_revises AFTER DELETE ON procedure
BEGIN UPDATE directory_revision SET revision = revision + 1; END;
CREATE TRIGGER queue_insert_revises AFTER INSERT ON queue
BEGIN UPDATE directory_revision SET revision = revision + 1; END;
CREATE TRIGGER queue_update_revises AFTER UPDATE ON queue
BEGIN UPDATE directory_revision SET revision = revision + 1; END;
CREATE TRIGGER queue_delete_revises AFTER DELETE ON queue
BEGIN UPDATE directory_revision SET revision = revision + 1; END;
CREATE TRIGGER rules_insert_revises AFTER INSERT ON rules
BEGIN UPDATE directory_revision SET revision = revision + 1; END;
CREATE TRIGGER rules_update_revises AFTER UPDATE ON rules
BEGIN UPDATE directory_revision SET revision = revision + 1; END;
CREATE TRIGGER rules_delete_revises AFTER DELETE ON rules
BEGIN UPDATE directory_revision SET revision = revision + 1; END;
