// One line per check, a closing line, and an exit code: what every suite here prints.
import assert from "node:assert/strict";

export { assert };

let passed = 0;
let failed = 0;

/** Runs one check. A failed one does not stop the suite; its result is then `undefined`. */
export async function check(title, work) {
  try {
    const result = await work();
    passed += 1;
    console.log(`  ok     ${title}`);
    return result;
  } catch (error) {
    failed += 1;
    console.log(`  FAILED ${title}\n${indent(explain(error))}`);
    return undefined;
  }
}

/** Prints the closing line and ends the process, whatever still runs. */
export function finish(name) {
  console.log(`  ${name}: ${passed} checks held, ${failed} did not`);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}

/** Runs a whole suite; an error outside of a check is a failure too. */
export async function suite(name, work) {
  try {
    await work();
  } catch (error) {
    failed += 1;
    console.log(`  FAILED ${name} ended early\n${indent(explain(error))}`);
  }
  finish(name);
}

/** What went wrong and where in these files; the frames inside packages only hide it. */
function explain(error) {
  const own = String(error?.stack ?? "").split("\n").filter((line) => /^\s+at .*tests\/clients\/node\/[^/]+\.mjs/.test(line));
  const more = [error?.code, error?.error, error?.error_description, error?.cause?.message ?? error?.cause];
  const known = more.filter((part) => part !== undefined).map((part) => (typeof part === "string" ? part : JSON.stringify(part)));
  return [error?.message ?? String(error), ...known, own[0]?.trim()].filter(Boolean).join("\n");
}

function indent(text) {
  return text.split("\n").map((line) => `         ${line}`).join("\n");
}
