-- The words of the small closed vocabularies become rows: a new word is an INSERT, and a foreign key still
-- refuses a wrong one. PostgreSQL exchanges constraints in place.
-- One fingerprint a use: the birth date alone has its own key, so the program computes it again at its next start.
-- A counter tells every process when what is configured has changed.

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

ALTER TABLE staff DROP CONSTRAINT staff_role_check, ADD FOREIGN KEY (role) REFERENCES staff_role (word);
ALTER TABLE entry DROP CONSTRAINT entry_state_check, ADD FOREIGN KEY (state) REFERENCES entry_state (word);
ALTER TABLE entry ADD FOREIGN KEY (close_reason) REFERENCES close_reason (word);
ALTER TABLE entry DROP CONSTRAINT entry_channel_check, ADD FOREIGN KEY (channel) REFERENCES channel (word);
ALTER TABLE entry ADD FOREIGN KEY (identity_how) REFERENCES identity_proof (word);
ALTER TABLE entry ADD FOREIGN KEY (deadline_kind) REFERENCES deadline_kind (word);
ALTER TABLE live_key DROP CONSTRAINT live_key_kind_check, ADD FOREIGN KEY (kind) REFERENCES key_kind (word);
ALTER TABLE draw DROP CONSTRAINT draw_state_check, ADD FOREIGN KEY (state) REFERENCES draw_state (word);
ALTER TABLE draw_document DROP CONSTRAINT draw_document_pieces_kind_check, ADD FOREIGN KEY (kind) REFERENCES document_kind (word);
ALTER TABLE slot DROP CONSTRAINT slot_state_check, ADD FOREIGN KEY (state) REFERENCES slot_state (word);
ALTER TABLE convocation DROP CONSTRAINT convocation_state_check, ADD FOREIGN KEY (state) REFERENCES convocation_state (word);
ALTER TABLE notice ADD FOREIGN KEY (kind) REFERENCES notice_kind (word);
ALTER TABLE notice DROP CONSTRAINT notice_way_check, ADD FOREIGN KEY (way) REFERENCES notice_way (word);
ALTER TABLE notice DROP CONSTRAINT notice_state_check, ADD FOREIGN KEY (state) REFERENCES notice_state (word);
ALTER TABLE site ADD FOREIGN KEY (territory) REFERENCES territory (word);

-- Null until the program has computed it with the key of its own field.
ALTER TABLE applicant ADD COLUMN birth_date_print BYTEA, DROP COLUMN birth_print;
CREATE INDEX applicant_without_print ON applicant (id) WHERE birth_date_print IS NULL;

CREATE TABLE directory_revision (
    id INT PRIMARY KEY CHECK (id = 1),
    revision BIGINT NOT NULL
);
INSERT INTO directory_revision (id, revision) VALUES (1, 0);
CREATE FUNCTION revise_directory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE directory_revision SET revision = revision + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER prefecture_revises AFTER INSERT OR UPDATE OR DELETE ON prefecture
    FOR EACH STATEMENT EXECUTE FUNCTION revise_directory();
CREATE TRIGGER site_revises AFTER INSERT OR UPDATE OR DELETE ON site
    FOR EACH STATEMENT EXECUTE FUNCTION revise_directory();
CREATE TRIGGER desk_revises AFTER INSERT OR UPDATE OR DELETE ON desk
    FOR EACH STATEMENT EXECUTE FUNCTION revise_directory();
CREATE TRIGGER procedure_revises AFTER INSERT OR UPDATE OR DELETE ON procedure
    FOR EACH STATEMENT EXECUTE FUNCTION revise_directory();
CREATE TRIGGER queue_revises AFTER INSERT OR UPDATE OR DELETE ON queue
    FOR EACH STATEMENT EXECUTE FUNCTION revise_directory();
CREATE TRIGGER rules_revises AFTER INSERT OR UPDATE OR DELETE ON rules
    FOR EACH STATEMENT EXECUTE FUNCTION revise_directory();
