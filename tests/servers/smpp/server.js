// A real SMPP server: checks the bind, keeps every submit_sm as a line of JSON, sends receipts.
// node server.js PORT FILE SYSTEM_ID PASSWORD. Commands come as lines of JSON on stdin:
//   {"throttle": N}  refuse the next N messages with ESME_RTHROTTLED
//   {"state": "UNDELIV"}  what the receipts say from now on (null: send none)
//   {"drop": true}  close every session; when stdin ends, so does the server
const fs = require("node:fs");
const readline = require("node:readline");
const smpp = require("smpp");

const [port, file, systemId, password] = process.argv.slice(2);
const sessions = new Set();
let throttle = 0;
let state = "DELIVRD";
let number = Date.now();

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
  const kept = { message_id: id, source_addr: pdu.source_addr, destination_addr: pdu.destination_addr,
    data_coding: pdu.data_coding, esm_class: pdu.esm_class, registered_delivery: pdu.registered_delivery,
    text: String(message), udh: (udh || []).map((each) => each.toString("hex")) };
  fs.appendFileSync(file, JSON.stringify(kept) + "\n");
  session.send(pdu.response({ message_id: id }));
  if (state && pdu.registered_delivery) session.deliver_sm(receipt(pdu, id));
}

function welcome(session) {
  sessions.add(session);
  session.on("error", () => session.destroy());
  session.on("close", () => sessions.delete(session));
  session.on("bind_transceiver", (pdu) => {
    if (pdu.system_id !== systemId || pdu.password !== password) {
      session.send(pdu.response({ command_status: smpp.ESME_RINVPASWD }));
      return session.close();
    }
    session.send(pdu.response({ system_id: "heatwatch-test" }));
    session.on("submit_sm", (sm) => submit(session, sm));
  });
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => { session.send(pdu.response()); session.close(); });
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const command = JSON.parse(line);
  if (command.throttle !== undefined) throttle = command.throttle;
  if (command.state !== undefined) state = command.state;
  if (command.drop) for (const session of sessions) session.destroy();
  console.log("done");
}).on("close", () => process.exit(0));

smpp.createServer(welcome).listen(Number(port), "127.0.0.1", () => console.log("ready"));
