// Prints the difference between two outputs of `dotnet run` as Markdown: node synth-diff.mjs BASE BRANCH (two cdktf.out folders).
// Exit code: 0 whether they differ or not, 64 for wrong usage. It needs git for the unified difference; the folders need not be
// in a repository.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

// GitHub truncates comments at 65,536 characters; this output fits into one comment.
const limit = 65_000;

const [base, branch] = process.argv.slice(2);
if (!base || !branch || process.argv.length > 4) fail("usage: node synth-diff.mjs BASE BRANCH (two cdktf.out folders)");
for (const folder of [base, branch])
  if (!existsSync(join(folder, "stacks"))) fail(`${folder} has no stacks/: synthesize first, with \`dotnet run\``);

const stacks = [...new Set([...names(base), ...names(branch)])].sort();
const changes = stacks.map(compare).filter((change) => change.text);
process.stdout.write(changes.length === 0 ? "No stack changes.\n" : report(changes));

function names(folder) {
  return readdirSync(join(folder, "stacks"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

function compare(stack) {
  const [before, after] = [addresses(base, stack), addresses(branch, stack)];
  return {
    stack,
    added: [...after.keys()].filter((address) => !before.has(address)),
    removed: [...before.keys()].filter((address) => !after.has(address)),
    changed: [...after.keys()].filter((address) => before.has(address) && before.get(address) !== after.get(address)),
    text: difference(path(base, stack), path(branch, stack)),
  };
}

function path(folder, stack) {
  return join(folder, "stacks", stack, "cdk.tf.json");
}

// Returns every managed resource of a stack by its state address.
function addresses(folder, stack) {
  const file = path(folder, stack);
  const resources = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")).resource ?? {}) : {};
  return new Map(
    Object.entries(resources).flatMap(([type, all]) =>
      Object.entries(all).map(([name, body]) => [`${type}.${name}`, JSON.stringify(body)]),
    ),
  );
}

function difference(before, after) {
  const sides = [before, after].map((file) => (existsSync(file) ? file : "/dev/null"));
  try {
    const options = { encoding: "utf8", maxBuffer: 1 << 28 };
    execFileSync("git", ["diff", "--no-index", "--no-color", "--no-ext-diff", "--", ...sides], options);
    return "";
  } catch (error) {
    if (error.status !== 1) throw error;
    // The two header lines name folders of this machine; the stack's name is already above the block.
    return error.stdout.slice(error.stdout.indexOf("@@"));
  }
}

function report(changes) {
  const rows = changes.map((one) => `| ${one.stack} | ${one.added.length} | ${one.changed.length} | ${one.removed.length} |`);
  const removed = changes.flatMap((one) => one.removed.map((address) => `- ${one.stack}: \`${address}\``));
  let text = ["| stack | added | changed | removed |", "|---|---|---|---|", ...rows, ""].join("\n") + "\n";
  if (removed.length > 0) {
    const count = `${removed.length} address${removed.length > 1 ? "es" : ""}`;
    text += `**${count} will be destroyed** unless a \`moved\` block gives the new address:\n\n${removed.join("\n")}\n\n`;
  }
  text += "This compares what was synthesized; a plan against the real account can show more.\n";
  text = cut(text, limit);
  for (const { stack, text: lines } of changes) {
    // The code fence is longer than any run of backticks in the text, so the text cannot end its block.
    const fence = "`".repeat(Math.max(3, ...[...lines.matchAll(/`+/g)].map((run) => run[0].length + 1)));
    const head = `\n<details><summary>${stack}</summary>\n\n${fence}diff\n`;
    const foot = `\n${fence}\n</details>\n`;
    const space = limit - text.length - head.length - foot.length;
    if (space < 200) return `${text}\nThe rest is not shown; the artifact contains both sides in full.\n`;
    text += head + cut(lines.trimEnd(), space) + foot;
  }
  return text;
}

function cut(text, space) {
  const note = "\n… truncated; the artifact contains both sides in full";
  return text.length <= space ? text : text.slice(0, text.lastIndexOf("\n", space - note.length)) + note;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(64);
}
