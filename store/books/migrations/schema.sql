CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0043');
CREATE TABLE broker_session (
	client_id VARCHAR(64) NOT NULL,
	broker VARCHAR(300) NOT NULL,
	since DATETIME NOT NULL,
	alive_at DATETIME NOT NULL,
	worker VARCHAR(140) NOT NULL,
	CONSTRAINT pk_broker_session PRIMARY KEY (client_id, broker)
);
CREATE TABLE "case_task" (
	id INTEGER NOT NULL,
	kind VARCHAR(32) NOT NULL,
	household_id INTEGER NOT NULL,
	cause VARCHAR(32) NOT NULL,
	cause_at DATETIME NOT NULL,
	opened_at DATETIME NOT NULL,
	opened_by VARCHAR(140) NOT NULL,
	due_at DATETIME,
	clause TEXT NOT NULL,
	done_at DATETIME,
	done_by VARCHAR(140),
	done_reason TEXT NOT NULL,
	CONSTRAINT pk_case_task PRIMARY KEY (id),
	CONSTRAINT ck_case_task_done_by CHECK (done_at IS NULL OR done_by IS NOT NULL),
	CONSTRAINT fk_case_task_household_id_place FOREIGN KEY(household_id) REFERENCES place (id),
	CONSTRAINT uq_case_task_kind_household_id_cause_at UNIQUE (kind, household_id, cause_at)
);
CREATE TABLE certificate (
	device_id INTEGER NOT NULL,
	since DATETIME NOT NULL,
	until DATETIME,
	document VARCHAR(200) NOT NULL,
	id INTEGER NOT NULL,
	change_id INTEGER NOT NULL,
	ended_id INTEGER,
	source TEXT NOT NULL,
	supersedes_id INTEGER,
	CONSTRAINT pk_certificate PRIMARY KEY (id),
	CONSTRAINT fk_certificate_change_id_change_record FOREIGN KEY(change_id) REFERENCES change_record (id),
	CONSTRAINT fk_certificate_device_id_device FOREIGN KEY(device_id) REFERENCES device (id),
	CONSTRAINT fk_certificate_ended_id_change_record FOREIGN KEY(ended_id) REFERENCES change_record (id),
	CONSTRAINT fk_certificate_supersedes_id_certificate FOREIGN KEY(supersedes_id) REFERENCES certificate (id)
);
CREATE TABLE "change_record" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	actor VARCHAR(140) NOT NULL,
	at DATETIME NOT NULL,
	action VARCHAR(32) NOT NULL,
	reason TEXT NOT NULL,
	files JSON NOT NULL,
	details JSON NOT NULL
);
CREATE TABLE change_seal (
	number INTEGER NOT NULL,
	change_id INTEGER,
	tables JSON NOT NULL,
	previous VARCHAR(64) NOT NULL,
	hash VARCHAR(64) NOT NULL,
	CONSTRAINT pk_change_seal PRIMARY KEY (number),
	CONSTRAINT uq_change_seal_change_id UNIQUE (change_id)
);
INSERT INTO "change_seal" VALUES(0,NULL,'{}','0000000000000000000000000000000000000000000000000000000000000000','9f0e7ac0771c62646b28ebbfa2e819b2702f4fd1b0f4a18cf768489473f13f5c');
CREATE TABLE checkpoint (
	follower VARCHAR(64) NOT NULL,
	batch INTEGER NOT NULL,
	state JSON NOT NULL,
	CONSTRAINT pk_checkpoint PRIMARY KEY (follower)
);
CREATE TABLE "contract" (
	id INTEGER NOT NULL,
	household_id INTEGER NOT NULL,
	season_id INTEGER NOT NULL,
	tariff_id INTEGER,
	season_fee VARCHAR(40) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	standing_consent BOOLEAN NOT NULL,
	change_id INTEGER NOT NULL,
	ended_id INTEGER,
	supersedes_id INTEGER,
	source TEXT NOT NULL,
	CONSTRAINT pk_contract PRIMARY KEY (id),
	CONSTRAINT fk_contract_change_id_change_record FOREIGN KEY(change_id) REFERENCES change_record (id),
	CONSTRAINT fk_contract_household_id_place FOREIGN KEY(household_id) REFERENCES place (id),
	CONSTRAINT fk_contract_tariff_id_tariff FOREIGN KEY(tariff_id) REFERENCES tariff (id),
	CONSTRAINT fk_contract_season_id_season FOREIGN KEY(season_id) REFERENCES season (id),
	CONSTRAINT fk_contract_ended_id_change_record FOREIGN KEY(ended_id) REFERENCES change_record (id),
	CONSTRAINT fk_contract_supersedes_id_contract FOREIGN KEY(supersedes_id) REFERENCES contract (id)
);
CREATE TABLE contract_terms (
	household_id INTEGER NOT NULL,
	season_id INTEGER NOT NULL,
	agreed VARCHAR(40),
	basic_fee VARCHAR(40),
	bands TEXT NOT NULL,
	document VARCHAR(200) NOT NULL,
	id INTEGER NOT NULL,
	change_id INTEGER NOT NULL,
	ended_id INTEGER,
	source TEXT NOT NULL,
	supersedes_id INTEGER, use VARCHAR(16) DEFAULT 'residential' NOT NULL, heat_price VARCHAR(40), since DATETIME, until DATETIME, season_fee VARCHAR(40), area_m2 VARCHAR(40),
	CONSTRAINT pk_contract_terms PRIMARY KEY (id),
	CONSTRAINT fk_contract_terms_household_id_place FOREIGN KEY(household_id) REFERENCES place (id),
	CONSTRAINT fk_contract_terms_season_id_season FOREIGN KEY(season_id) REFERENCES season (id),
	CONSTRAINT fk_contract_terms_change_id_change_record FOREIGN KEY(change_id) REFERENCES change_record (id),
	CONSTRAINT fk_contract_terms_ended_id_change_record FOREIGN KEY(ended_id) REFERENCES change_record (id),
	CONSTRAINT fk_contract_terms_supersedes_id_contract_terms FOREIGN KEY(supersedes_id) REFERENCES contract_terms (id)
);
CREATE TABLE corner_room (
	id INTEGER NOT NULL,
	room_id INTEGER NOT NULL,
	since DATETIME NOT NULL,
	until DATETIME,
	document VARCHAR(200) NOT NULL,
	source TEXT NOT NULL,
	change_id INTEGER NOT NULL,
	ended_id INTEGER,
	supersedes_id INTEGER,
	CONSTRAINT pk_corner_room PRIMARY KEY (id),
	CONSTRAINT fk_corner_room_room_id_place FOREIGN KEY(room_id) REFERENCES place (id),
	CONSTRAINT fk_corner_room_change_id_change_record FOREIGN KEY(change_id) REFERENCES change_record (id),
	CONSTRAINT fk_corner_room_ended_id_change_record FOREIGN KEY(ended_id) REFERENCES change_record (id),
	CONSTRAINT fk_corner_room_supersedes_id_corner_room FOREIGN KEY(supersedes_id) REFERENCES corner_room (id)
);
CREATE TABLE decision (
	place_id INTEGER NOT NULL,
	since DATETIME NOT NULL,
	until DATETIME NOT NULL,
	outcome VARCHAR(16) NOT NULL,
	basis VARCHAR(16) NOT NULL,
	document VARCHAR(200) NOT NULL,
	clause VARCHAR(100) NOT NULL,
	id INTEGER NOT NULL,
	change_id INTEGER NOT NULL,
	ended_id INTEGER,
	source TEXT NOT NULL,
	supersedes_id INTEGER, temperature VARCHAR(40),
	CONSTRAINT pk_decision PRIMARY KEY (id),
	CONSTRAINT fk_decision_place_id_place FOREIGN KEY(place_id) REFERENCES place (id),
	CONSTRAINT fk_decision_change_id_change_record FOREIGN KEY(change_id) REFERENCES change_record (id),
	CONSTRAINT fk_decision_ended_id_change_record FOREIGN KEY(ended_id) REFERENCES change_record (id),
	CONSTRAINT fk_decision_supersedes_id_decision FOREIGN KEY(supersedes_id) REFERENCES decision (id)
);
CREATE TABLE delivery_fault (
	id INTEGER NOT NULL,
	kind VARCHAR(32) NOT NULL,
	client_id VARCHAR(64) NOT NULL,
	broker VARCHAR(300) NOT NULL,
	about TEXT NOT NULL,
	since DATETIME NOT NULL,
	until DATETIME,
	told_at DATETIME NOT NULL,
	told_by VARCHAR(140) NOT NULL, at_most BIGINT, feed VARCHAR(64),
	CONSTRAINT pk_delivery_fault PRIMARY KEY (id)
);
CREATE TABLE "device" (
	id INTEGER NOT NULL,
	code VARCHAR(64) NOT NULL,
	model VARCHAR(100) NOT NULL,
	verified BOOLEAN NOT NULL,
	change_id INTEGER NOT NULL,
	CONSTRAINT pk_device PRIMARY KEY (id),
	CONSTRAINT uq_device_code UNIQUE (code),
	CONSTRAINT fk_device_change_id_change_record FOREIGN KEY(change_id) REFERENCES change_record (id)
);
CREATE TABLE dropped_count (
	client_id VARCHAR(64) NOT NULL,
	broker VARCHAR(300) NOT NULL,
	topic VARCHAR(300) NOT NULL,
	dropped BIGINT NOT NULL,
	uptime_s BIGINT NOT NULL,
	started_at DATETIME NOT NULL,
	read_at DATETIME NOT NULL,
	read_by VARCHAR(140) NOT NULL,
	CONSTRAINT pk_dropped_count PRIMARY KEY (client_id, broker, topic)
);
CREATE TABLE "episode" (
	id INTEGER NOT NULL,
	kind VARCHAR(32) NOT NULL,
	place_id INTEGER NOT NULL,
	opened_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	cleared_at DATETIME,
	parent_id INTEGER,
	acknowledged_by VARCHAR(140),
	evidence JSON NOT NULL,
	opened_by VARCHAR(140) NOT NULL,
	acknowledged_at DATETIME, repeat_from DATETIME,
	CONSTRAINT pk_episode PRIMARY KEY (id),
	CONSTRAINT uq_episode_kind_place_id_opened_at UNIQUE (kind, place_id, opened_at),
	CONSTRAINT fk_episode_place_id_place FOREIGN KEY(place_id) REFERENCES place (id),
	CONSTRAINT fk_episode_parent_id_episode FOREIGN KEY(parent_id) REFERENCES episode (id)
);
CREATE TABLE fee_span (
	household_id INTEGER NOT NULL,
	since DATETIME NOT NULL,
	until DATETIME,
	state VARCHAR(16) NOT NULL,
	payer VARCHAR(100) NOT NULL,
	subsidy_percent VARCHAR(40) NOT NULL,
	subsidy_by VARCHAR(100) NOT NULL,
	document VARCHAR(200) NOT NULL,
	id INTEGER NOT NULL,
	change_id INTEGER NOT NULL,
	ended_id INTEGER,
	source TEXT NOT NULL,
	supersedes_id INTEGER,
	CONSTRAINT pk_fee_span PRIMARY KEY (id),
	CONSTRAINT fk_fee_span_household_id_place FOREIGN KEY(household_id) REFERENCES place (id),
	CONSTRAINT fk_fee_span_change_id_change_record FOREIGN KEY(change_id) REFERENCES change_record (id),
	CONSTRAINT fk_fee_span_ended_id_change_record FOREIGN KEY(ended_id) REFERENCES change_record (id),
	CONSTRAINT fk_fee_span_supersedes_id_fee_span FOREIGN KEY(supersedes_id) REFERENCES fee_span (id)
);
CREATE TABLE "feed" (
	id INTEGER NOT NULL,
	code VARCHAR(64) NOT NULL,
	live BOOLEAN NOT NULL,
	change_id INTEGER NOT NULL,
	CONSTRAINT pk_feed PRIMARY KEY (id),
	CONSTRAINT uq_feed_code UNIQUE (code),
	CONSTRAINT fk_feed_change_id_change_record FOREIGN KEY(change_id) REFERENCES change_record (id)
);
CREATE TABLE "frozen_input" (
	sha256 VARCHAR(64) NOT NULL,
	kind VARCHAR(16) NOT NULL,
	content BLOB NOT NULL,
	base_sha256 VARCHAR(64),
	CONSTRAINT pk_frozen_input PRIMARY KEY (sha256),
	CONSTRAINT fk_frozen_input_base_sha256_frozen_input FOREIGN KEY(base_sha256) REFERENCES frozen_input (sha256)
);
CREATE TABLE inbound_message (
	id INTEGER NOT NULL,
	channel VARCHAR(32) NOT NULL,
	sender VARCHAR(32) NOT NULL,
	received_at DATETIME NOT NULL,
	text TEXT NOT NULL,
	reference INTEGER,
	total INTEGER NOT NULL,
	state VARCHAR(16) NOT NULL,
	reason VARCHAR(32) NOT NULL,
	command VARCHAR(32),
	episode_id INTEGER,
	actor VARCHAR(140),
	handled_at DATETIME,
	CONSTRAINT pk_inbound_message PRIMARY KEY (id),
	CONSTRAINT fk_inbound_message_episode_id_episode FOREIGN KEY(episode_id) REFERENCES episode (id)
);
CREATE TABLE inbound_part (
	id INTEGER NOT NULL,
	message_id INTEGER NOT NULL,
	number INTEGER NOT NULL,
	text TEXT NOT NULL,
	"key" VARCHAR(64) NOT NULL,
	received_at DATETIME NOT NULL,
	confirmed BOOLEAN NOT NULL,
	CONSTRAINT pk_inbound_part PRIMARY KEY (id),
	CONSTRAINT fk_inbound_part_message_id_inbound_message FOREIGN KEY(message_id) REFERENCES inbound_message (id),
	CONSTRAINT uq_inbound_part_message_id_number UNIQUE (message_id, number)
);
CREATE TABLE installation (
	id INTEGER NOT NULL,
	client_id VARCHAR(64) NOT NULL,
	made_at DATETIME NOT NULL,
	made_by VARCHAR(140) NOT NULL,
	CONSTRAINT pk_installation PRIMARY KEY (id)
);
CREATE TABLE "ledger_entry" (
	id INTEGER NOT NULL,
	made_at DATETIME NOT NULL,
	kind VARCHAR(16) NOT NULL,
	household_id INTEGER,
	season_id INTEGER NOT NULL,
	run_id INTEGER NOT NULL,
	amount VARCHAR(40) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	body JSON NOT NULL,
	corrects INTEGER,
	previous_hash VARCHAR(64) NOT NULL,
	hash VARCHAR(64) NOT NULL,
	drafted_by VARCHAR(140) NOT NULL,
	approved_by VARCHAR(140) NOT NULL,
	version INTEGER NOT NULL,
	number INTEGER NOT NULL,
	company_id INTEGER,
	CONSTRAINT pk_ledger_entry PRIMARY KEY (id),
	CONSTRAINT uq_ledger_entry_hash UNIQUE (hash),
	CONSTRAINT uq_ledger_entry_company_id_number UNIQUE (company_id, number),
	CONSTRAINT fk_ledger_entry_season_id_season FOREIGN KEY(season_id) REFERENCES season (id),
	CONSTRAINT fk_ledger_entry_run_id_settlement_run FOREIGN KEY(run_id) REFERENCES settlement_run (id),
	CONSTRAINT fk_ledger_entry_company_id_place FOREIGN KEY(company_id) REFERENCES place (id),
	CONSTRAINT fk_ledger_entry_household_id_place FOREIGN KEY(household_id) REFERENCES place (id)
);
CREATE TABLE "measurement_record" (
	id INTEGER NOT NULL,
	room_id INTEGER NOT NULL,
	at DATETIME NOT NULL,
	celsius VARCHAR(40) NOT NULL,
	signed_by VARCHAR(200) NOT NULL,
	change_id INTEGER NOT NULL,
	ended_id INTEGER,
	supersedes_id INTEGER,
	source TEXT NOT NULL,
	CONSTRAINT pk_measurement_record PRIMARY KEY (id),
	CONSTRAINT fk_measurement_record_change_id_change_record FOREIGN KEY(change_id) REFERENCES change_record (id),
	CONSTRAINT fk_measurement_record_room_id_place FOREIGN KEY(room_id) REFERENCES place (id),
	CONSTRAINT fk_measurement_record_ended_id_change_record FOREIGN KEY(ended_id) REFERENCES change_record (id),
	CONSTRAINT fk_measurement_record_supersedes_id_measurement_record FOREIGN KEY(supersedes_id) REFERENCES measurement_record (id)
);
CREATE TABLE objection (
	household_id INTEGER NOT NULL,
	at DATETIME NOT NULL,
	run INTEGER NOT NULL,
	since DATETIME,
	until DATETIME,
	text VARCHAR(1000) NOT NULL,
	state VARCHAR(16) NOT NULL,
	correction INTEGER,
	document VARCHAR(200) NOT NULL,
	id INTEGER NOT NULL,
	change_id INTEGER NOT NULL,
	ended_id INTEGER,
	source TEXT NOT NULL,
	supersedes_id INTEGER,
	CONSTRAINT pk_objection PRIMARY KEY (id),
	CONSTRAINT fk_objection_household_id_place FOREIGN KEY(household_id) REFERENCES place (id),
	CONSTRAINT fk_objection_change_id_change_record FOREIGN KEY(change_id) REFERENCES change_record (id),
	CONSTRAINT fk_objection_ended_id_change_record FOREIGN KEY(ended_id) REFERENCES change_record (id),
	CONSTRAINT fk_objection_supersedes_id_objection FOREIGN KEY(supersedes_id) REFERENCES objection (id)
);
CREATE TABLE outage_decision (
	id INTEGER NOT NULL,
	place_id INTEGER NOT NULL,
	since DATETIME NOT NULL,
	until DATETIME NOT NULL,
	share VARCHAR(40) NOT NULL,
	basis VARCHAR(16) NOT NULL,
	document VARCHAR(200) NOT NULL,
	clause VARCHAR(100) NOT NULL,
	source TEXT NOT NULL,
	change_id INTEGER NOT NULL,
	ended_id INTEGER,
	supersedes_id INTEGER,
	CONSTRAINT pk_outage_decision PRIMARY KEY (id),
	CONSTRAINT fk_outage_decision_place_id_place FOREIGN KEY(place_id) REFERENCES place (id),
	CONSTRAINT fk_outage_decision_change_id_change_record FOREIGN KEY(change_id) REFERENCES change_record (id),
	CONSTRAINT fk_outage_decision_ended_id_change_record FOREIGN KEY(ended_id) REFERENCES change_record (id),
	CONSTRAINT fk_outage_decision_supersedes_id_outage_decision FOREIGN KEY(supersedes_id) REFERENCES outage_decision (id)
);
CREATE TABLE "outage_record" (
	id INTEGER NOT NULL,
	place_id INTEGER NOT NULL,
	since DATETIME NOT NULL,
	until DATETIME,
	planned BOOLEAN NOT NULL,
	cause VARCHAR(16) NOT NULL,
	evidence VARCHAR(200) NOT NULL,
	change_id INTEGER NOT NULL,
	ended_id INTEGER,
	supersedes_id INTEGER,
	source TEXT NOT NULL, proposal VARCHAR(120) DEFAULT '' NOT NULL, decision VARCHAR(16) DEFAULT '' NOT NULL, announced_at DATETIME,
	CONSTRAINT pk_outage_record PRIMARY KEY (id),
	CONSTRAINT fk_outage_record_place_id_place FOREIGN KEY(place_id) REFERENCES place (id),
	CONSTRAINT fk_outage_record_change_id_change_record FOREIGN KEY(change_id) REFERENCES change_record (id),
	CONSTRAINT fk_outage_record_ended_id_change_record FOREIGN KEY(ended_id) REFERENCES change_record (id),
	CONSTRAINT fk_outage_record_supersedes_id_outage_record FOREIGN KEY(supersedes_id) REFERENCES outage_record (id)
);
CREATE TABLE "outbox" (
	id INTEGER NOT NULL,
	episode_id INTEGER,
	purpose VARCHAR(16) NOT NULL,
	recipient VARCHAR(100) NOT NULL,
	phone VARCHAR(32) NOT NULL,
	text TEXT NOT NULL,
	state VARCHAR(16) NOT NULL,
	attempts INTEGER NOT NULL,
	created_at DATETIME NOT NULL,
	due_at DATETIME NOT NULL,
	handed_at DATETIME,
	channel VARCHAR(32) NOT NULL,
	channel_ref TEXT,
	delivery VARCHAR(32),
	problem TEXT,
	inbound_id INTEGER,
	receipts JSON,
	CONSTRAINT pk_outbox PRIMARY KEY (id),
	CONSTRAINT fk_outbox_episode_id_episode FOREIGN KEY(episode_id) REFERENCES episode (id),
	CONSTRAINT uq_outbox_episode_id_recipient_purpose UNIQUE (episode_id, recipient, purpose),
	CONSTRAINT fk_outbox_inbound_id_inbound_message FOREIGN KEY(inbound_id) REFERENCES inbound_message (id),
	CONSTRAINT uq_outbox_inbound_id UNIQUE (inbound_id)
);
CREATE TABLE "place" (
	id INTEGER NOT NULL,
	code VARCHAR(64) NOT NULL,
	kind VARCHAR(16) NOT NULL,
	parent_id INTEGER,
	name VARCHAR(200) NOT NULL,
	name_en VARCHAR(200) NOT NULL,
	address VARCHAR(300) NOT NULL,
	area_m2 VARCHAR(40),
	room_use VARCHAR(16),
	since DATETIME NOT NULL,
	until DATETIME,
	change_id INTEGER NOT NULL,
	CONSTRAINT pk_place PRIMARY KEY (id),
	CONSTRAINT uq_place_code UNIQUE (code),
	CONSTRAINT fk_place_parent_id_place FOREIGN KEY(parent_id) REFERENCES place (id),
	CONSTRAINT fk_place_change_id_change_record FOREIGN KEY(change_id) REFERENCES change_record (id)
);
CREATE TABLE policy_confirmation (
	company_id INTEGER NOT NULL,
	policy TEXT NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	document TEXT NOT NULL,
	dated DATE NOT NULL,
	id INTEGER NOT NULL,
	supersedes_id INTEGER,
	change_id INTEGER NOT NULL,
	ended_id INTEGER,
	source TEXT NOT NULL,
	CONSTRAINT pk_policy_confirmation PRIMARY KEY (id),
	CONSTRAINT fk_policy_confirmation_company_id_place FOREIGN KEY(company_id) REFERENCES place (id),
	CONSTRAINT fk_policy_confirmation_change_id_change_record FOREIGN KEY(change_id) REFERENCES change_record (id),
	CONSTRAINT fk_policy_confirmation_ended_id_change_record FOREIGN KEY(ended_id) REFERENCES change_record (id),
	CONSTRAINT fk_policy_confirmation_supersedes_id_policy_confirmation FOREIGN KEY(supersedes_id) REFERENCES policy_confirmation (id)
);
CREATE TABLE "refusal" (
	id INTEGER NOT NULL,
	household_id INTEGER NOT NULL,
	at DATETIME NOT NULL,
	evidence VARCHAR(300) NOT NULL,
	change_id INTEGER NOT NULL,
	ended_id INTEGER,
	supersedes_id INTEGER,
	source TEXT NOT NULL,
	CONSTRAINT pk_refusal PRIMARY KEY (id),
	CONSTRAINT fk_refusal_household_id_place FOREIGN KEY(household_id) REFERENCES place (id),
	CONSTRAINT fk_refusal_change_id_change_record FOREIGN KEY(change_id) REFERENCES change_record (id),
	CONSTRAINT fk_refusal_ended_id_change_record FOREIGN KEY(ended_id) REFERENCES change_record (id),
	CONSTRAINT fk_refusal_supersedes_id_refusal FOREIGN KEY(supersedes_id) REFERENCES refusal (id)
);
CREATE TABLE registry_edit (
	id INTEGER NOT NULL,
	change_id INTEGER NOT NULL,
	kind VARCHAR(32) NOT NULL,
	"key" TEXT NOT NULL,
	"column" VARCHAR(32) NOT NULL,
	"before" TEXT NOT NULL,
	"after" TEXT NOT NULL,
	CONSTRAINT pk_registry_edit PRIMARY KEY (id),
	CONSTRAINT fk_registry_edit_change_id_change_record FOREIGN KEY(change_id) REFERENCES change_record (id)
);
CREATE TABLE registry_version (
	id INTEGER NOT NULL,
	number INTEGER NOT NULL,
	CONSTRAINT pk_registry_version PRIMARY KEY (id)
);
INSERT INTO "registry_version" VALUES(1,0);
CREATE TABLE "request" (
	id INTEGER NOT NULL,
	household_id INTEGER NOT NULL,
	at DATETIME NOT NULL,
	"by" VARCHAR(100) NOT NULL,
	change_id INTEGER NOT NULL,
	ended_id INTEGER,
	supersedes_id INTEGER,
	source TEXT NOT NULL,
	CONSTRAINT pk_request PRIMARY KEY (id),
	CONSTRAINT fk_request_change_id_change_record FOREIGN KEY(change_id) REFERENCES change_record (id),
	CONSTRAINT fk_request_household_id_place FOREIGN KEY(household_id) REFERENCES place (id),
	CONSTRAINT fk_request_ended_id_change_record FOREIGN KEY(ended_id) REFERENCES change_record (id),
	CONSTRAINT fk_request_supersedes_id_request FOREIGN KEY(supersedes_id) REFERENCES request (id)
);
CREATE TABLE "season" (
	id INTEGER NOT NULL,
	code VARCHAR(64) NOT NULL,
	company_id INTEGER NOT NULL,
	policy VARCHAR(64) NOT NULL,
	since DATETIME NOT NULL,
	until DATETIME NOT NULL,
	zone VARCHAR(64) NOT NULL,
	design_outdoor VARCHAR(40),
	change_id INTEGER NOT NULL,
	CONSTRAINT pk_season PRIMARY KEY (id),
	CONSTRAINT uq_season_code UNIQUE (code),
	CONSTRAINT fk_season_company_id_place FOREIGN KEY(company_id) REFERENCES place (id),
	CONSTRAINT fk_season_change_id_change_record FOREIGN KEY(change_id) REFERENCES change_record (id)
);
CREATE TABLE "series" (
	id INTEGER NOT NULL,
	device_id INTEGER NOT NULL,
	channel VARCHAR(64) NOT NULL,
	role VARCHAR(40) NOT NULL,
	place_id INTEGER NOT NULL,
	interval_s INTEGER NOT NULL,
	since DATETIME NOT NULL,
	until DATETIME,
	change_id INTEGER NOT NULL, rolls_over_at VARCHAR(32),
	CONSTRAINT pk_series PRIMARY KEY (id),
	CONSTRAINT fk_series_place_id_place FOREIGN KEY(place_id) REFERENCES place (id),
	CONSTRAINT fk_series_device_id_device FOREIGN KEY(device_id) REFERENCES device (id),
	CONSTRAINT uq_series_device_id_channel_since UNIQUE (device_id, channel, since),
	CONSTRAINT fk_series_change_id_change_record FOREIGN KEY(change_id) REFERENCES change_record (id)
);
CREATE TABLE settlement_left_out (
	run_id INTEGER NOT NULL,
	household_id INTEGER NOT NULL,
	CONSTRAINT pk_settlement_left_out PRIMARY KEY (run_id, household_id),
	CONSTRAINT fk_settlement_left_out_run_id_settlement_run FOREIGN KEY(run_id) REFERENCES settlement_run (id),
	CONSTRAINT fk_settlement_left_out_household_id_place FOREIGN KEY(household_id) REFERENCES place (id)
);
CREATE TABLE "settlement_line" (
	id INTEGER NOT NULL,
	result_id INTEGER NOT NULL,
	kind TEXT NOT NULL,
	first_day DATE NOT NULL,
	last_day DATE NOT NULL,
	days TEXT NOT NULL,
	share TEXT NOT NULL,
	amount VARCHAR(40) NOT NULL,
	clause TEXT NOT NULL, room TEXT DEFAULT '' NOT NULL, payer TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_settlement_line PRIMARY KEY (id),
	CONSTRAINT fk_settlement_line_result_id_settlement_result FOREIGN KEY(result_id) REFERENCES settlement_result (id)
);
CREATE TABLE "settlement_result" (
	id INTEGER NOT NULL,
	run_id INTEGER NOT NULL,
	household_id INTEGER NOT NULL,
	total VARCHAR(40) NOT NULL,
	undetermined BOOLEAN NOT NULL,
	reason TEXT NOT NULL,
	steps JSON NOT NULL,
	CONSTRAINT pk_settlement_result PRIMARY KEY (id),
	CONSTRAINT uq_settlement_result_run_id_household_id UNIQUE (run_id, household_id),
	CONSTRAINT fk_settlement_result_run_id_settlement_run FOREIGN KEY(run_id) REFERENCES settlement_run (id),
	CONSTRAINT fk_settlement_result_household_id_place FOREIGN KEY(household_id) REFERENCES place (id)
);
CREATE TABLE "settlement_run" (
	id INTEGER NOT NULL,
	season_id INTEGER NOT NULL,
	policy TEXT NOT NULL,
	policy_sha256 VARCHAR(64) NOT NULL,
	snapshot_sha256 VARCHAR(64) NOT NULL,
	flush INTEGER NOT NULL,
	made_at DATETIME NOT NULL,
	state VARCHAR(16) NOT NULL,
	households INTEGER NOT NULL,
	total VARCHAR(40) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	undetermined INTEGER NOT NULL,
	results_sha256 VARCHAR(64),
	drafted_by VARCHAR(140) NOT NULL,
	approved_by VARCHAR(140),
	approved_at DATETIME,
	approval_reason TEXT NOT NULL,
	rules INTEGER,
	last_change INTEGER,
	results_version INTEGER,
	base_id INTEGER, drafted_sha256 VARCHAR(64),
	CONSTRAINT pk_settlement_run PRIMARY KEY (id),
	CONSTRAINT fk_settlement_run_season_id_season FOREIGN KEY(season_id) REFERENCES season (id),
	CONSTRAINT ck_settlement_run_approved_by CHECK (state <> 'approved' OR approved_by IS NOT NULL),
	CONSTRAINT fk_settlement_run_base_id_settlement_run FOREIGN KEY(base_id) REFERENCES settlement_run (id)
);
CREATE TABLE "tariff" (
	id INTEGER NOT NULL,
	code VARCHAR(64) NOT NULL,
	price VARCHAR(40) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	change_id INTEGER NOT NULL,
	ended_id INTEGER,
	supersedes_id INTEGER,
	source TEXT NOT NULL,
	CONSTRAINT pk_tariff PRIMARY KEY (id),
	CONSTRAINT fk_tariff_change_id_change_record FOREIGN KEY(change_id) REFERENCES change_record (id),
	CONSTRAINT fk_tariff_ended_id_change_record FOREIGN KEY(ended_id) REFERENCES change_record (id),
	CONSTRAINT fk_tariff_supersedes_id_tariff FOREIGN KEY(supersedes_id) REFERENCES tariff (id)
);
CREATE TABLE uplink_day (
	feed VARCHAR(64) NOT NULL,
	device VARCHAR(300) NOT NULL,
	day DATE NOT NULL,
	received INTEGER NOT NULL,
	missed INTEGER NOT NULL,
	counted_by VARCHAR(140) NOT NULL,
	CONSTRAINT pk_uplink_day PRIMARY KEY (feed, device, day)
);
CREATE TABLE uplink_total (
	feed VARCHAR(64) NOT NULL,
	device VARCHAR(300) NOT NULL,
	received BIGINT NOT NULL,
	missed BIGINT NOT NULL,
	counted_at DATETIME NOT NULL,
	counted_by VARCHAR(140) NOT NULL,
	CONSTRAINT pk_uplink_total PRIMARY KEY (feed, device)
);
CREATE TABLE "user_fault" (
	id INTEGER NOT NULL,
	household_id INTEGER NOT NULL,
	since DATETIME NOT NULL,
	until DATETIME,
	clause VARCHAR(40) NOT NULL,
	evidence VARCHAR(300) NOT NULL,
	change_id INTEGER NOT NULL,
	ended_id INTEGER,
	supersedes_id INTEGER,
	source TEXT NOT NULL,
	CONSTRAINT pk_user_fault PRIMARY KEY (id),
	CONSTRAINT fk_user_fault_household_id_place FOREIGN KEY(household_id) REFERENCES place (id),
	CONSTRAINT fk_user_fault_change_id_change_record FOREIGN KEY(change_id) REFERENCES change_record (id),
	CONSTRAINT fk_user_fault_ended_id_change_record FOREIGN KEY(ended_id) REFERENCES change_record (id),
	CONSTRAINT fk_user_fault_supersedes_id_user_fault FOREIGN KEY(supersedes_id) REFERENCES user_fault (id)
);
CREATE INDEX ix_registry_edit_change_id ON registry_edit (change_id);
CREATE INDEX ix_registry_edit_key ON registry_edit ("key");
CREATE INDEX ix_place_parent_id ON place (parent_id);
CREATE INDEX ix_place_kind ON place (kind);
CREATE INDEX ix_series_role ON series (role);
CREATE INDEX ix_series_place_id ON series (place_id);
CREATE INDEX ix_series_device_id ON series (device_id);
CREATE INDEX ix_season_company_id ON season (company_id);
CREATE INDEX ix_inbound_message_sender ON inbound_message (sender);
CREATE INDEX ix_inbound_message_state ON inbound_message (state);
CREATE INDEX ix_inbound_message_episode_id ON inbound_message (episode_id);
CREATE INDEX ix_inbound_part_message_id ON inbound_part (message_id);
CREATE INDEX ix_inbound_part_key ON inbound_part ("key");
CREATE INDEX ix_outbox_episode_id ON outbox (episode_id);
CREATE INDEX ix_outbox_state ON outbox (state);
CREATE INDEX ix_episode_parent_id ON episode (parent_id);
CREATE INDEX ix_episode_place_id ON episode (place_id);
CREATE INDEX ix_episode_cleared_at ON episode (cleared_at);
CREATE INDEX ix_episode_kind ON episode (kind);
CREATE INDEX ix_episode_opened_at ON episode (opened_at);
CREATE INDEX ix_settlement_result_household_id ON settlement_result (household_id);
CREATE INDEX ix_settlement_result_run_id ON settlement_result (run_id);
CREATE INDEX ix_settlement_line_result_id ON settlement_line (result_id);
CREATE INDEX ix_ledger_entry_household_id ON ledger_entry (household_id);
CREATE UNIQUE INDEX uq_tariff_current ON tariff (code) WHERE ended_id IS NULL;
CREATE INDEX ix_contract_season_id ON contract (season_id);
CREATE INDEX ix_contract_household_id ON contract (household_id);
CREATE UNIQUE INDEX uq_contract_current ON contract (household_id, season_id) WHERE ended_id IS NULL;
CREATE INDEX ix_request_household_id ON request (household_id);
CREATE UNIQUE INDEX uq_request_current ON request (household_id, at) WHERE ended_id IS NULL;
CREATE INDEX ix_measurement_record_room_id ON measurement_record (room_id);
CREATE UNIQUE INDEX uq_measurement_record_current ON measurement_record (room_id, at) WHERE ended_id IS NULL;
CREATE INDEX ix_outage_record_place_id ON outage_record (place_id);
CREATE UNIQUE INDEX uq_outage_record_current ON outage_record (place_id, since) WHERE ended_id IS NULL;
CREATE INDEX ix_user_fault_household_id ON user_fault (household_id);
CREATE UNIQUE INDEX uq_user_fault_current ON user_fault (household_id, since) WHERE ended_id IS NULL;
CREATE INDEX ix_refusal_household_id ON refusal (household_id);
CREATE UNIQUE INDEX uq_refusal_current ON refusal (household_id, at) WHERE ended_id IS NULL;
CREATE INDEX ix_certificate_device_id ON certificate (device_id);
CREATE UNIQUE INDEX uq_certificate_current ON certificate (device_id, since) WHERE ended_id IS NULL;
CREATE INDEX ix_policy_confirmation_company_id ON policy_confirmation (company_id);
CREATE UNIQUE INDEX uq_policy_confirmation_current ON policy_confirmation (company_id, sha256) WHERE ended_id IS NULL;
CREATE INDEX ix_decision_place_id ON decision (place_id);
CREATE UNIQUE INDEX uq_decision_current ON decision (place_id, since) WHERE ended_id IS NULL;
CREATE INDEX ix_fee_span_household_id ON fee_span (household_id);
CREATE UNIQUE INDEX uq_fee_span_current ON fee_span (household_id, since) WHERE ended_id IS NULL;
CREATE INDEX ix_contract_terms_household_id ON contract_terms (household_id);
CREATE INDEX ix_contract_terms_season_id ON contract_terms (season_id);
CREATE INDEX ix_objection_household_id ON objection (household_id);
CREATE UNIQUE INDEX uq_objection_current ON objection (household_id, at) WHERE ended_id IS NULL;
CREATE INDEX ix_corner_room_room_id ON corner_room (room_id);
CREATE UNIQUE INDEX uq_corner_room_current ON corner_room (room_id, since) WHERE ended_id IS NULL;
CREATE INDEX ix_case_task_household_id ON case_task (household_id);
CREATE INDEX ix_settlement_run_season_id ON settlement_run (season_id);
CREATE INDEX ix_settlement_result_undetermined ON settlement_result (run_id) WHERE undetermined = 1;
CREATE INDEX ix_outage_decision_place_id ON outage_decision (place_id);
CREATE UNIQUE INDEX uq_outage_decision_current ON outage_decision (place_id, since) WHERE ended_id IS NULL;
CREATE UNIQUE INDEX uq_contract_terms_current ON contract_terms (household_id, season_id, since) WHERE ended_id IS NULL;
CREATE UNIQUE INDEX uq_contract_terms_first ON contract_terms (household_id, season_id) WHERE ended_id IS NULL AND since IS NULL;
CREATE INDEX ix_ledger_entry_season_id_household_id ON ledger_entry (season_id, household_id);
CREATE INDEX ix_delivery_fault_kind ON delivery_fault (kind);
CREATE INDEX ix_delivery_fault_since ON delivery_fault (since);
CREATE INDEX ix_device_change_id ON device (change_id);
CREATE INDEX ix_feed_change_id ON feed (change_id);
CREATE INDEX ix_place_change_id ON place (change_id);
CREATE INDEX ix_season_change_id ON season (change_id);
CREATE INDEX ix_series_change_id ON series (change_id);
CREATE INDEX ix_certificate_change_id ON certificate (change_id);
CREATE INDEX ix_contract_change_id ON contract (change_id);
CREATE INDEX ix_contract_terms_change_id ON contract_terms (change_id);
CREATE INDEX ix_corner_room_change_id ON corner_room (change_id);
CREATE INDEX ix_decision_change_id ON decision (change_id);
CREATE INDEX ix_fee_span_change_id ON fee_span (change_id);
CREATE INDEX ix_measurement_record_change_id ON measurement_record (change_id);
CREATE INDEX ix_objection_change_id ON objection (change_id);
CREATE INDEX ix_outage_decision_change_id ON outage_decision (change_id);
CREATE INDEX ix_outage_record_change_id ON outage_record (change_id);
CREATE INDEX ix_policy_confirmation_change_id ON policy_confirmation (change_id);
CREATE INDEX ix_refusal_change_id ON refusal (change_id);
CREATE INDEX ix_request_change_id ON request (change_id);
CREATE INDEX ix_tariff_change_id ON tariff (change_id);
CREATE INDEX ix_user_fault_change_id ON user_fault (change_id);
CREATE INDEX ix_certificate_ended_id ON certificate (ended_id);
CREATE INDEX ix_contract_ended_id ON contract (ended_id);
CREATE INDEX ix_contract_terms_ended_id ON contract_terms (ended_id);
CREATE INDEX ix_corner_room_ended_id ON corner_room (ended_id);
CREATE INDEX ix_decision_ended_id ON decision (ended_id);
CREATE INDEX ix_fee_span_ended_id ON fee_span (ended_id);
CREATE INDEX ix_measurement_record_ended_id ON measurement_record (ended_id);
CREATE INDEX ix_objection_ended_id ON objection (ended_id);
CREATE INDEX ix_outage_decision_ended_id ON outage_decision (ended_id);
CREATE INDEX ix_outage_record_ended_id ON outage_record (ended_id);
CREATE INDEX ix_policy_confirmation_ended_id ON policy_confirmation (ended_id);
CREATE INDEX ix_refusal_ended_id ON refusal (ended_id);
CREATE INDEX ix_request_ended_id ON request (ended_id);
CREATE INDEX ix_tariff_ended_id ON tariff (ended_id);
CREATE INDEX ix_user_fault_ended_id ON user_fault (ended_id);
CREATE INDEX ix_ledger_entry_run_id_household_id ON ledger_entry (run_id, household_id);
CREATE INDEX ix_uplink_day_day ON uplink_day (day);
DELETE FROM "sqlite_sequence";
