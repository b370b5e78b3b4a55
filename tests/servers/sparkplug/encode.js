// Eclipse Tahu's encoder of Sparkplug B behind lines: JSON in, hexadecimal out, one payload each.
// Integers that JSON can't hold come as {"long": "18446744073709551615"}.
const readline = require("node:readline");
const Long = require("long");
const { get } = require("sparkplug-payload");

const sparkplug = get("spBv1.0");
const integer = (_, value) =>
  value && typeof value === "object" && typeof value.long === "string"
    ? Long.fromString(value.long, true)
    : value;

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  let answer;
  try {
    answer = Buffer.from(sparkplug.encodePayload(JSON.parse(line, integer))).toString("hex");
  } catch (error) {
    answer = `error: ${error.message}`;
  }
  process.stdout.write(`${answer}\n`);
});
