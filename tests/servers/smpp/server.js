// A real SMPP server: checks the bind, keeps every submit_sm as a line of JSON, sends receipts.
// node server.js PORT FILE SYSTEM_ID PASSWORD. Commands come as lines of JSON on stdin:
//   {"throttle": N}  refuse the next N messages with ESME_RTHROTTLED
//   {"state": "UNDELIV"}  what the receipts say from now on (null: send none)
//   {"mode": "hex" | "pad" | "tlv" | "inter" | "twice" | null}  odd receipts, as some centres send them
//   {"number": N}  message ids count on from N
//   {"ids": "hex" | null}  answers have ids in hexadecimal from now on; receipts stay decimal
//   {"deliver": {...}}  a message from a phone: fields of deliver_sm, `hex` is its short_message in octets
//   {"raw": HEX}  these octets go out as they are; what comes back to them is a line of FILE.answers
//   {"drop": true}  close every session; when stdin ends, so does the server
const fs = require("node:fs");
const readline = require("node:readline");
const smpp = require("smpp");

const [port, file, systemId, password] = process.argv.slice(2);
const sessions = new Set();
let throttle = 0;
let state = "DELIVRD";
let number = Date.now();
let mode = null;
let ids = null;
let sequence = 0;
const waiting = new Map();  // deliveries that no session has confirmed, delivered again on the next bind

function deliver(session, key) {
  const { hex, confirm, ...fields } = waiting.get(key);
  const pdu = new smpp.PDU("deliver_sm", { ...fields, short_message: Buffer.from(hex, "hex") });
  session.send(pdu, (resp) => {
    fs.appendFileSync(file + ".confirmed", JSON.stringify({ key, status: resp.command_status }) + "\n");
    waiting.delete(key);
  });
}

function receipts(session, pdu, id) {
  const send = (fields) => {
    const whole = { ...receipt(pdu, id), ...fields };
    if (fields.text_only) { delete whole.receipted_message_id; delete whole.text_only; }
    session.deliver_sm(whole);
  };
  const text = (id, stat) => ({ text_only: true,
    short_message: `id:${id} sub:001 dlvrd:001 submit date:2611261900 done date:2611261900 stat:${stat} err:000 text:` });
  const hex = Number(id).toString(16).toUpperCase();
  if (mode === "hex") return send(text(hex, state));
  if (mode === "pad") return send(text(id.padStart(20, "0"), state));
  if (mode === "tlv") return send({ short_message: "", message_state: 2 });
  if (mode === "inter") { send(text(id, "ACCEPTD")); return send(text(id, state)); }
  if (mode === "twice") { if (number % 2) return; send(text(id, state)); return send(text(id, state)); }
  send({});
}

function receipt(pdu, id) {
  const at = new Date().toISOString().replace(/\D/g, "").slice(2, 12);
  const text = `id:${id} sub:001 dlvrd:001 submit date:${at} done date:${at} stat:${state} err:000 text:`;
  return { esm_class: smpp.ESM_CLASS.MC_DELIVERY_RECEIPT, short_message: text,
    source_addr: pdu.destination_addr, destination_addr: pdu.source_addr, receipted_message_id: id };
}

function submit(session, pdu) {
  if (throttle > 0) {
    throttle -= 1;
    return session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
  }
  const id = String((number += 1));
  const { message, udh } = pdu.short_message;
  const said = ids === "hex" ? Number(id).toString(16).toUpperCase() : id;
  const kept = { message_id: said, source_addr: pdu.source_addr, destination_addr: pdu.destination_addr,
    data_coding: pdu.data_coding, esm_class: pdu.esm_class, registered_delivery: pdu.registered_delivery,
    text: String(message), udh: (udh || []).map((each) => each.toString("hex")) };
  fs.appendFileSync(file, JSON.stringify(kept) + "\n");
  session.send(pdu.response({ message_id: said }));
  if (state && pdu.registered_delivery) receipts(session, pdu, id);
}

function welcome(session) {
  sessions.add(session);
  session.on("error", () => session.destroy());
  session.on("pdu", (pdu) => fs.appendFileSync(file + ".answers", JSON.stringify(
    { command: pdu.command, status: pdu.command_status, sequence: pdu.sequence_number }) + "\n"));
  session.on("close", () => sessions.delete(session));
  session.on("bind_transceiver", (pdu) => {
    if (pdu.system_id !== systemId || pdu.password !== password) {
      session.send(pdu.response({ command_status: smpp.ESME_RINVPASWD }));
      return session.close();
    }
    session.send(pdu.response({ system_id: "heatwatch-test" }));
    for (const key of waiting.keys()) deliver(session, key);
    session.on("submit_sm", (sm) => submit(session, sm));
  });
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => { session.send(pdu.response()); session.close(); });
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const command = JSON.parse(line);
  if (command.throttle !== undefined) throttle = command.throttle;
  if (command.state !== undefined) state = command.state;
  if (command.mode !== undefined) mode = command.mode;
  if (command.ids !== undefined) ids = command.ids;
  if (command.number !== undefined) number = command.number;
  if (command.deliver) {
    const key = String((sequence += 1));
    waiting.set(key, command.deliver);
    const bound = [...sessions].at(-1);  // a centre picks one
    if (bound) deliver(bound, key);
  }
  if (command.raw) [...sessions].at(-1).socket.write(Buffer.from(command.raw, "hex"));
  if (command.drop) for (const session of sessions) session.destroy();
  console.log("done");
}).on("close", () => process.exit(0));

smpp.createServer(welcome).listen(Number(port), "127.0.0.1", () => console.log("ready"));
