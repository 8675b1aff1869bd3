// Evaluates ValidatingAdmissionPolicies as an API server does: match conditions, then variables in their order, then validations
// (kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy).
// Input: lines on standard input, each a JSON array [{policy, input}]. Output: for each line one line on standard output, a JSON
// array with one answer per element.
// The string functions are the CEL extension library that Kubernetes also has. All other functions are part of CEL.
import { createInterface } from "node:readline";
import { celEnv, isCelError, parse, plan } from "@bufbuild/cel";
import { strings } from "@bufbuild/cel/ext";

const environment = celEnv({ funcs: strings });
const programs = new Map();

// A JSON number without a fraction becomes a CEL integer, as in the API server.
function celValue(value) {
  if (Array.isArray(value)) return value.map(celValue);
  if (value !== null && typeof value === "object")
    return new Map(Object.entries(value).map(([key, inner]) => [key, celValue(inner)]));
  return Number.isInteger(value) ? BigInt(value) : value;
}

function evaluate(expression, input) {
  if (!programs.has(expression)) programs.set(expression, plan(environment, parse(expression)));
  const result = programs.get(expression)(input);
  if (isCelError(result)) throw new Error(`${result.message} in: ${expression}`);
  return result;
}

function boolean(expression, input) {
  const result = evaluate(expression, input);
  if (typeof result !== "boolean") throw new Error(`not a boolean: ${expression}`);
  return result;
}

function answer({ policy, input }) {
  const values = Object.fromEntries(Object.entries(input).map(([name, value]) => [name, celValue(value)]));
  // A match condition compiles with namespaceObject and finds null (k8s.io/apiserver, plugin/webhook/matchconditions/matcher.go).
  const asked = { ...values, namespaceObject: null };
  const conditions = policy.matchConditions ?? [];
  if (!conditions.every((condition) => boolean(condition.expression, asked))) return { matched: false, refusals: [] };
  const variables = new Map();
  values.variables = variables;
  for (const variable of policy.variables ?? []) variables.set(variable.name, evaluate(variable.expression, values));
  const refusals = policy.validations.flatMap((validation, index) =>
    boolean(validation.expression, values)
      ? []
      : [
          {
            index,
            message: validation.messageExpression
              ? evaluate(validation.messageExpression, values)
              : (validation.message ?? ""),
            reason: validation.reason ?? "Invalid",
          },
        ],
  );
  return { matched: true, refusals };
}

for await (const line of createInterface({ input: process.stdin })) {
  const answers = JSON.parse(line).map((question) => {
    try {
      return answer(question);
    } catch (error) {
      return { matched: true, refusals: [], error: error.message };
    }
  });
  process.stdout.write(`${JSON.stringify(answers)}\n`);
}
