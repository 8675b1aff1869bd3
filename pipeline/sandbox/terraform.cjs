#!/usr/bin/env node
// Terraform by hand in a sandbox. "sandbox up" writes this file to bin/ of the sandbox, which is first in PATH there. A stack's
// Terraform gets the state key of the stack and the outputs of core, as the commands of this project give them.
const { spawn } = require("node:child_process");
const { existsSync, readFileSync } = require("node:fs");
const { constants } = require("node:os");
const path = require("node:path");

const sandbox = path.dirname(__dirname);
if (!existsSync(path.join(sandbox, "running.json"))) {
  console.error(`The sandbox of this shell (${sandbox}) has ended. Leave the shell ("exit"), then run "sandbox up".`);
  process.exit(1);
}
const environment = { ...process.env };
environment.PATH = environment.PATH.split(":").filter((directory) => path.resolve(directory) !== __dirname).join(":");

const chdir = process.argv.find((word) => word.startsWith("-chdir="));
const stack = path.basename(path.resolve(chdir ? chdir.slice("-chdir=".length) : "."));
const key = environment[`STATE_KEY_${stack.toUpperCase().replaceAll("-", "_")}`];
if (key) environment.AWS_SSE_CUSTOMER_KEY = key;

const outputs = path.join(sandbox, "outputs", "core.json");
if (existsSync(outputs)) {
  for (const [name, value] of Object.entries(JSON.parse(readFileSync(outputs, "utf8")))) {
    if (value !== null) environment[`TF_VAR_${name}`] ??= typeof value === "string" ? value : JSON.stringify(value);
  }
}

const terraform = spawn("terraform", process.argv.slice(2), { stdio: "inherit", env: environment });
// A terminal sends SIGINT to Terraform too; a second one would make it give up its calls.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => terraform.kill(signal));
terraform.on("error", (error) => {
  console.error(`terraform: ${error.message}. Install Terraform and check PATH.`);
  process.exit(127);
});
terraform.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
