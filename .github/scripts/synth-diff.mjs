// What changes between two outputs of `dotnet run`, as Markdown: node synth-diff.mjs BASE BRANCH (two cdktf.out folders).
// Exit code 0 whether they differ or not, 64 for wrong usage. Needs git for the unified difference; the folders need not be in a repository.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

// GitHub cuts comments at 65,536 characters; what is written here fits into one.
const limit = 65_000;

const [base, branch] = process.argv.slice(2);
if (!base || !branch || process.argv.length > 4) fail("usage: node synth-diff.mjs BASE BRANCH (two cdktf.out folders)");
for (const folder of [base, branch])
  if (!existsSync(join(folder, "stacks"))) fail(`${folder} holds no stacks/: synthesize first, with \`dotnet run\``);

const stacks = [...new Set([...names(base), ...names(branch)])].sort();
const changes = stacks.map(compare).filter((change) => change.text);
process.stdout.write(changes.length === 0 ? "No stack changes.\n" : report(changes));

function names(folder) {
  return readdirSync(join(folder, "stacks"), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
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

// Every managed resource of a stack by its state address.
function addresses(folder, stack) {
  const file = path(folder, stack);
  const resources = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")).resource ?? {}) : {};
  return new Map(
    Object.entries(resources).flatMap(([type, all]) => Object.entries(all).map(([name, body]) => [`${type}.${name}`, JSON.stringify(body)])),
  );
}

function difference(before, after) {
  const sides = [before, after].map((file) => (existsSync(file) ? file : "/dev/null"));
  try {
    execFileSync("git", ["diff", "--no-index", "--no-color", "--no-ext-diff", "--", ...sides], { encoding: "utf8", maxBuffer: 1 << 28 });
    return "";
  } catch (error) {
    if (error.status !== 1) throw error;
    // The two header lines name folders of this machine; the stack stands above the block.
    return error.stdout.slice(error.stdout.indexOf("@@"));
  }
}

function report(changes) {
  const rows = changes.map((one) => `| ${one.stack} | ${one.added.length} | ${one.changed.length} | ${one.removed.length} |`);
  const gone = changes.flatMap((one) => one.removed.map((address) => `- ${one.stack}: \`${address}\``));
  let text = ["| stack | added | changed | removed |", "|---|---|---|---|", ...rows, ""].join("\n") + "\n";
  if (gone.length > 0)
    text += `**${gone.length} address${gone.length > 1 ? "es" : ""} will be destroyed** unless a \`moved\` block says where to:\n\n${gone.join("\n")}\n\n`;
  text += "This compares what was synthesized; a plan against the real account can show more.\n";
  text = cut(text, limit);
  for (const { stack, text: lines } of changes) {
    // A fence longer than any in the text, so that the text cannot end its block.
    const fence = "`".repeat(Math.max(3, ...[...lines.matchAll(/`+/g)].map((run) => run[0].length + 1)));
    const [head, foot] = [`\n<details><summary>${stack}</summary>\n\n${fence}diff\n`, `\n${fence}\n</details>\n`];
    const room = limit - text.length - head.length - foot.length;
    if (room < 200) return `${text}\nThe rest is not shown; the artifact holds both sides whole.\n`;
    text += head + cut(lines.trimEnd(), room) + foot;
  }
  return text;
}

function cut(text, room) {
  const note = "\n… cut; the artifact holds both sides whole";
  return text.length <= room ? text : text.slice(0, text.lastIndexOf("\n", room - note.length)) + note;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(64);
}
