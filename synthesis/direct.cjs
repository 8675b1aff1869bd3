// Runs jsii's program (program.js) in this process. jsii's launcher would start it in another Node.js process and copy every message
// between the two. The program reads and writes messages at file descriptor 3; here they are standard input and standard output.
"use strict";
const fs = require("node:fs");

const { readSync, writeSync } = fs;
fs.readSync = (file, ...rest) => readSync(file === 3 ? 0 : file, ...rest);
fs.writeSync = (file, ...rest) => writeSync(file === 3 ? 1 : file, ...rest);
// What a library prints must not be among the messages.
process.stdout.write = process.stderr.write.bind(process.stderr);

require("./program.js");
