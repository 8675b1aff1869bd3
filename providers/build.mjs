// Makes the C# bindings: .NET assemblies with HashiCorp's own names and namespaces, from the jsii assemblies in the npm packages
// that package-lock.json pins. Called by Bindings.targets before restore; README.md tells the story.
//
//   node providers/build.mjs <feed directory> <hash of the inputs> [<process id of the build>]
import { spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import zlib from "node:zlib";

const providers = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(providers);
const modules = path.join(root, "node_modules");
const [feed, hash, caller] = process.argv.slice(2);
const windows = process.platform === "win32";

class Problem extends Error {}

const readJson = (file) => JSON.parse(fs.readFileSync(file, "utf8"));

// Paths with spaces are why arguments are quoted for the one case (Windows' npm.cmd) that needs a shell.
function run(command, args, { cwd = root, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const output = [];
    const shell = windows && command === "npm";
    const child = spawn(command, shell ? args.map((a) => `"${a}"`) : args, {
      cwd,
      shell,
      env: { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    child.on("error", (error) => reject(error));
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Problem(`\`${command} ${args.join(" ")}\` failed:\n${Buffer.concat(output).toString().slice(-4000)}`));
    });
  });
}

// `dotnet run` shows nothing that its build prints. Where /proc exists, progress goes to standard error of the build itself,
// unless that is a file: the build would write over it.
function progress() {
  try {
    const name = `/proc/${Number.parseInt(caller, 10)}/fd/2`;
    if (!fs.statSync(name).isFile()) {
      const error = fs.openSync(name, "a");
      return (line) => fs.writeSync(error, `${line}\n`);
    }
  } catch {
    // There is no such process or no /proc.
  }
  return (line) => console.log(line);
}

const report = progress();

// ---- one builder at a time ------------------------------------------------------------------------------------------------

// A lock file with a heartbeat: a builder that was killed blocks others for one minute at most.
async function locked(file, work) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  for (let reported = false; ; ) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (abandoned(file)) {
      fs.rmSync(file, { force: true });
      continue;
    }
    if (!reported) report("another build is making the C# bindings; waiting for it");
    reported = true;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  const heartbeat = setInterval(() => fs.utimesSync(file, new Date(), new Date()), 5_000);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    fs.rmSync(file, { force: true });
  }
}

function abandoned(file) {
  try {
    if (Date.now() - fs.statSync(file).mtimeMs > 60_000) return true;
    process.kill(Number(fs.readFileSync(file, "utf8")) || process.pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

// ---- step 1: the npm packages ---------------------------------------------------------------------------------------------

// Development packages (the cdktf command) are not needed here; they are more than half of all packages.
async function installPackages() {
  const wanted = readJson(path.join(root, "package-lock.json")).packages;
  const marker = path.join(modules, ".package-lock.json");
  const present = fs.existsSync(marker) ? readJson(marker).packages : {};
  const missing = Object.entries(wanted).some(
    ([name, entry]) => name && !entry.dev && !entry.optional && present[name]?.integrity !== entry.integrity,
  );
  if (!missing) return;
  try {
    await run("npm", ["ci", "--omit=dev", "--no-progress"]);
  } catch (error) {
    if (error.code === "ENOENT")
      throw new Problem("npm was not found. The C# bindings are made from npm packages: install Node.js 20 or newer with npm.");
    throw new Problem(
      `npm could not install the packages that package-lock.json pins. Check that the npm registry is reachable ` +
        `(npm config get registry), then build again.\n${error.message}`,
    );
  }
}

// ---- step 2: a jsii package per library, trimmed to what is listed --------------------------------------------------------

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

function listed(file) {
  return fs
    .readFileSync(path.join(providers, file), "utf8")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"));
}

function readAssembly(directory) {
  const assembly = readJson(path.join(directory, ".jsii"));
  return assembly.compression
    ? JSON.parse(zlib.gunzipSync(fs.readFileSync(path.join(directory, assembly.filename))))
    : assembly;
}

// A provider's package holds one folder per resource. What is not listed is neither generated, compiled nor loaded at run time.
function trimProvider(name, target, resources) {
  const source = path.join(modules, name);
  const assembly = readAssembly(source);
  const folders = new Map([...resources, "provider"].map((resource) => [camel(resource), resource.replaceAll("_", "-")]));
  for (const [submodule, folder] of folders)
    if (!assembly.submodules[`${name}.${submodule}`])
      throw new Problem(`${name} has no resource "${folder.replaceAll("-", "_")}": correct the list in providers/.`);

  for (const file of ["LICENSE", "README.md", "package.json", "lib/index.d.ts"])
    fs.cpSync(path.join(source, file), path.join(target, file));
  for (const folder of folders.values())
    fs.cpSync(path.join(source, "lib", folder), path.join(target, "lib", folder), { recursive: true });

  const kept = (fqn) => folders.has(fqn.slice(name.length + 1).split(".")[0]);
  const only = (entries) => Object.fromEntries(Object.entries(entries).filter(([fqn]) => kept(fqn)));
  const trimmed = { ...assembly, submodules: only(assembly.submodules), types: only(assembly.types) };
  writeAssembly(target, trimmed);
  writeLazyIndex(target, folders);
}

// For every object made, jsii's .NET runtime creates the attributes of all members of its class and base classes, and parses the
// JSON in them: a fifth of a synthesis. These members are left out, because a program in C# does not need them:
// - of an argument the reset ("resetName"), what was written ("nameInput") and the second way to set it ("putName"): they serve
//   code that changes an object after it was made. The value itself is kept;
// - what CDKTF calls on its own elements while it writes JSON or HCL;
// - the typed ways to read an attribute by its name; interpolationForAttribute is kept.
const writing = ["synthesizeAttributes", "synthesizeHclAttributes", "toHclTerraform", "toMetadata", "toTerraform"];
const written = [
  "constructNodeMetadata",
  "metaAttributes",
  "rawOverrides",
  "terraformGeneratorMetadata",
  "terraformMetaArguments",
];

function writeAssembly(target, assembly) {
  const isElement = ({ fqn, base }) =>
    fqn === "cdktf.TerraformElement" ||
    ["cdktf.TerraformResource", "cdktf.TerraformDataSource", "cdktf.TerraformProvider"].includes(base) ||
    (base in assembly.types && isElement(assembly.types[base]));
  for (const type of Object.values(assembly.types)) {
    if (type.kind !== "class") continue;
    const names = new Set(type.properties?.map((property) => property.name));
    const isSecondWay = ({ name }) => {
      const [, first, rest] = name.match(/^(?:reset|put)([A-Z])(\w*)$/) ?? [];
      return first && names.has(first.toLowerCase() + rest);
    };
    const isInput = ({ name }) => name.endsWith("Input") && names.has(name.slice(0, -"Input".length));
    const isInner = ({ name }) =>
      isElement(type) && (writing.includes(name) || written.includes(name) || /^get\w+Attribute$/.test(name));
    type.methods = type.methods?.filter((method) => !isSecondWay(method) && !isInner(method));
    type.properties = type.properties?.filter((property) => !isInput(property) && !isInner(property));
  }
  fs.writeFileSync(path.join(target, ".jsii"), JSON.stringify(assembly));
}

// jsii reaches every type through the package's main module: a lazy one loads a resource's JavaScript when it is first used.
function writeLazyIndex(target, folders) {
  const line = ([submodule, folder]) =>
    `Object.defineProperty(exports, "${submodule}", { enumerable: true, get: () => require("./${folder}") });`;
  fs.writeFileSync(path.join(target, "lib", "index.js"), ['"use strict";', ...[...folders].map(line), ""].join("\n"));
}

// Linode's bindings are published nowhere: made from the provider's schema, by the steps HashiCorp's prebuilt packages were made.
async function generateLinode(target, resources) {
  const version = linode.version;
  const types = typescriptFrom(readJson(path.join(providers, "schemas", `linode-${version}.schema.json`)), version, resources);
  await types.save(path.join(target, "generated"));
  fs.renameSync(path.join(target, "generated", "providers", "linode"), path.join(target, "src"));
  fs.rmSync(path.join(target, "src", "lazy-index.ts"));
  fs.writeFileSync(path.join(target, "package.json"), JSON.stringify(linode, null, 2));
  fs.writeFileSync(path.join(target, "README.md"), `# Bindings of the Terraform provider linode/linode ${version}\n`);
  await run(process.execPath, [path.join(modules, "jsii", "bin", "jsii"), "--silence-warnings=reserved-word"], { cwd: target });
  const index = fs.readFileSync(path.join(target, "src", "index.ts"), "utf8");
  const folders = [...index.matchAll(/export \* as (\w+) from '\.\/([\w-]+)'/g)];
  writeLazyIndex(target, folders.map(([, submodule, folder]) => [submodule, folder]));
  writeAssembly(target, readAssembly(target));
}

const linode = {
  name: "@cdktf/provider-linode",
  version: "3.13.0",
  description: "linode Provider for Terraform CDK (cdktf), generated from the provider's schema",
  author: "InfraCdktf",
  license: "MPL-2.0",
  repository: { type: "git", url: "https://github.com/linode/terraform-provider-linode.git" },
  keywords: ["cdktf", "linode", "terraform"],
  main: "lib/index.js",
  types: "lib/index.d.ts",
  stability: "stable",
  peerDependencies: { cdktf: "^0.21.0", constructs: "^10.4.2" },
  jsii: {
    outdir: "dist",
    tsc: { outDir: "lib", rootDir: "src" },
    targets: {
      dotnet: { namespace: "HashiCorp.Cdktf.Providers.Linode", packageId: "HashiCorp.Cdktf.Providers.Linode" },
    },
  },
};

function typescriptFrom(schema, version, resources) {
  // The generator's library asks Terraform for its version when it is loaded, and complains; nothing here needs Terraform.
  Object.assign(process.env, { TERRAFORM_BINARY_NAME: "not-needed", CDKTF_LOG_LEVEL: "off", CHECKPOINT_DISABLE: "1" });
  const require = createRequire(path.join(modules, "@cdktf/provider-generator/package.json"));
  const { TerraformProviderGenerator, CodeMaker } = require("@cdktf/provider-generator");
  const { TerraformProviderConstraint, ConstructsMakerProviderTarget } = require("@cdktf/commons");
  const source = "registry.terraform.io/linode/linode";
  const provider = schema.provider_schemas[source];
  const pick = (schemas, names) =>
    Object.fromEntries(
      names.map((name) => {
        if (!schemas[name]) throw new Problem(`linode ${version} has no "${name}": correct providers/linode-resources.txt.`);
        return [name, schemas[name]];
      }),
    );
  const isData = (resource) => resource.startsWith("data_");
  const types = resources.filter((resource) => !isData(resource)).map((resource) => `linode_${resource}`);
  const dataSources = resources.filter(isData).map((resource) => resource.replace("data_", "linode_"));
  provider.resource_schemas = pick(provider.resource_schemas, types);
  provider.data_source_schemas = pick(provider.data_source_schemas, dataSources);
  schema.provider_versions = { [source]: version };

  const code = new CodeMaker();
  const constraint = new TerraformProviderConstraint({ name: "linode", source: "linode/linode", version });
  new TerraformProviderGenerator(code, schema).generate(new ConstructsMakerProviderTarget(constraint, "typescript"));
  return code;
}

// ---- step 3: C# from the jsii packages, and assemblies from the C# ----------------------------------------------------------

async function generateCSharp(packages, target) {
  const pacmak = path.join(modules, "jsii-pacmak", "bin", "jsii-pacmak");
  const options = ["--targets", "dotnet", "--code-only", "--npmignore=false", "--outdir", target];
  await run(process.execPath, [pacmak, ...options, ...packages], { env: { NODE_OPTIONS: "--max-old-space-size=4096" } });
}

// For every object made, jsii's .NET runtime asks each method of its class, property accessors included, for a [JsiiMethod];
// where there is none it walks the maps of all interfaces. An attribute on the accessors ends that: a fifth of a large synthesis.
function markAccessors(directory) {
  for (const entry of fs.readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith(".cs")) continue;
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    let property;
    const lines = fs.readFileSync(file, "utf8").split("\n");
    const marked = lines.map((line) => {
      property = line.match(/\[JsiiProperty\(name: "(\w+)"/)?.[1] ?? property;
      return line.replace(/^(\s+)(get|set) => (Get|Set)InstanceProperty/, `$1[JsiiMethod(name: "$2 ${property}")] $&`);
    });
    fs.writeFileSync(file, marked.join("\n"));
  }
}

function adaptProjects(directory) {
  const ids = fs.readdirSync(directory);
  for (const id of ids) {
    const project = path.join(directory, id, `${id}.csproj`);
    const adapted = fs
      .readFileSync(project, "utf8")
      .replace(/<TargetFramework>.*?</, "<TargetFramework>net10.0<")
      .replace(/<(GeneratePackageOnBuild|IncludeSymbols|IncludeSource)>true</g, "<$1>false<")
      .replace(/<PackageReference Include="([\w.]+)" Version="[^"]*" \/>/g, (reference, dependency) =>
        ids.includes(dependency)
          ? `<ProjectReference Include="../${dependency}/${dependency}.csproj" />`
          : reference.replace(/Version="\[([\d.]+),[^"]*"/, 'Version="[$1]"'),
      );
    fs.writeFileSync(project, adapted);
  }
  const write = (file, settings) => {
    const lines = Object.entries(settings).map(([name, value]) => `    <${name}>${value}</${name}>`);
    const project = ["<Project>", "  <PropertyGroup>", ...lines, "  </PropertyGroup>", "</Project>", ""];
    fs.writeFileSync(path.join(directory, file), project.join("\n"));
  };
  // Nobody corrects generated code, and the analyzers are 40 % of its compilation.
  write("Directory.Build.props", { RunAnalyzers: false, DebugType: "none", NuGetAudit: false });
  const solution = ["<Solution>", ...ids.map((id) => `  <Project Path="${id}/${id}.csproj" />`), "</Solution>", ""];
  fs.writeFileSync(path.join(directory, "bindings.slnx"), solution.join("\n"));
  return ids;
}

async function build(complete) {
  const started = Date.now();
  const steps = 4;
  const step = (number, text) => {
    const seconds = Math.round((Date.now() - started) / 1000);
    report(`C# bindings: ${number} of ${steps}, ${String(seconds).padStart(3)} s: ${text}`);
  };
  report("C# bindings: made once, about 1 minute");
  const work = path.join(providers, ".work", hash);
  fs.rmSync(work, { recursive: true, force: true });
  fs.mkdirSync(work, { recursive: true });

  step(1, "install the npm packages");
  await installPackages();
  step(2, "generate linode from its schema, and C# from the libraries");
  const library = (name) => path.join(work, name);
  trimProvider("@cdktf/provider-kubernetes", library("kubernetes"), listed("kubernetes-resources.txt"));
  trimProvider("@cdktf/provider-helm", library("helm"), ["release"]);
  const csharp = path.join(work, "csharp");
  fs.cpSync(path.join(modules, "cdktf"), library("cdktf"), { recursive: true });
  writeAssembly(library("cdktf"), readAssembly(library("cdktf")));
  const others = [path.join(modules, "constructs"), library("cdktf"), library("kubernetes"), library("helm")];
  // Two processes side by side.
  await Promise.all([
    generateLinode(library("linode"), listed("linode-resources.txt")).then(() => generateCSharp([library("linode")], csharp)),
    generateCSharp(others, csharp),
  ]);
  step(3, "compile the C#");
  const dotnet = path.join(csharp, "dotnet");
  markAccessors(dotnet);
  const ids = adaptProjects(dotnet);
  await run("dotnet", ["build", "bindings.slnx", "--configuration", "Release", "--nologo"], {
    cwd: dotnet,
    env: cleanMsBuild,
  });
  const target = path.join(feed, hash);
  fs.rmSync(target, { recursive: true, force: true });
  fs.mkdirSync(target, { recursive: true });
  for (const file of ids.flatMap((id) => [`${id}.dll`, `${id}.xml`]))
    fs.copyFileSync(path.join(dotnet, path.parse(file).name, "bin", "Release", "net10.0", file), path.join(target, file));
  fs.writeFileSync(complete, `${fs.readdirSync(target).join("\n")}\n`);
  fs.rmSync(work, { recursive: true, force: true });
  step(4, "done");
}

// This runs inside a build of the same SDK, whose settings would leak into the one started here.
const cleanMsBuild = { MSBUILDDISABLENODEREUSE: "1", MSBuildSDKsPath: undefined, MSBuildLoadMicrosoftTargetsReadOnly: undefined };

async function main() {
  if (!feed || !/^[0-9a-f]{12,}$/.test(hash ?? "")) throw new Problem("usage: node providers/build.mjs <feed directory> <hash>");
  if (Number(process.versions.node.split(".")[0]) < 20)
    throw new Problem(`Node.js ${process.version} is too old to make the C# bindings: install version 20 or newer.`);
  const complete = path.join(feed, `${hash}.complete`);
  const ready = () => fs.existsSync(complete);
  if (ready()) return;
  // The feed may serve several clones, and a clone's folders several feeds.
  await locked(path.join(feed, "building.lock"), () =>
    locked(path.join(providers, ".work", "building.lock"), async () => ready() || (await build(complete))),
  );
}

main().catch((error) => {
  console.error(`providers/build.mjs : error BINDINGS: ${error instanceof Problem ? error.message : error.stack}`);
  process.exitCode = 1;
});
