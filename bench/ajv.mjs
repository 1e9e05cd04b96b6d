// Checks a file line by line with ajv; called by programs.py with a job file, prints counts and seconds.
import { openSync, readFileSync, readSync } from "node:fs";
import { createRequire } from "node:module";

const job = JSON.parse(readFileSync(process.argv[2], "utf8"));
const Ajv = createRequire(import.meta.url)(job.ajv);
const ajv = new (Ajv.default ?? Ajv)({ allErrors: true, strict: false, validateSchema: false });

const id = (type, key) => (key == null ? type : `${type} ${key}`);
const kinds = new Map();
const results = job.kinds.map(({ type, key, places }) => {
  const found = { places, validators: [], calls: 0, missing: {}, invalid: {}, broken: 0, violations: {} };
  kinds.set(id(type, key), found);
  return found;
});
for (const { type, key, jsonSchema } of job.rules) {
  kinds.get(id(type.toLowerCase(), key)).validators.push({ schema: jsonSchema, validate: ajv.compile(jsonSchema) });
}

function valueAt(call, keys) {
  for (const key of keys) {
    call = call !== null && typeof call === "object" && Object.hasOwn(call, key) ? call[key] : undefined;
  }
  return call ?? null;
}

function note(found, call, failed) {
  const missing = new Set();
  const invalid = new Set();
  for (const [schema, errors] of failed) {
    for (const { keyword, instancePath, schemaPath, params } of errors) {
      const [, , name] = instancePath.split("/");
      const branch = /^#\/allOf\/(\d+)\/anyOf(.*)$/.exec(schemaPath);
      if (branch) {
        if (branch[2]) continue; // one place of several; the error of the whole follows
        const property = schema.allOf[Number(branch[1])]["x-property"];
        const there = found.places[property].some((keys) => valueAt(call, keys) !== null);
        (there ? invalid : missing).add(property);
      } else if (name !== undefined) invalid.add(name.replaceAll("~1", "/").replaceAll("~0", "~"));
      else if (keyword === "required" && instancePath) missing.add(params.missingProperty);
      else for (const [p, places] of Object.entries(found.places)) if (places.length === 1) missing.add(p);
    }
  }
  for (const p of missing) if (p in found.places) found.missing[p] = (found.missing[p] ?? 0) + 1;
  for (const p of invalid) if (p in found.places) found.invalid[p] = (found.invalid[p] ?? 0) + 1;
}

// By a team's own plan: how the call breaks it, each way once. The numbers of array elements are `*`.
function noteViolations(found, failed) {
  const ways = new Set();
  for (const [, errors] of failed) {
    for (const { keyword, instancePath, params } of errors) {
      const path = instancePath.split("/").map((key) => (/^\d+$/.test(key) ? "*" : key));
      const name = path.length > 2 ? path[2] : params.missingProperty;
      ways.add(JSON.stringify([keyword, path.join("/"), name]));
    }
  }
  found.broken += 1;
  for (const way of ways) found.violations[way] = (found.violations[way] ?? 0) + 1;
}

function check(text) {
  const call = JSON.parse(text);
  const type = typeof call.type === "string" ? call.type.toLowerCase() : "";
  const found = kinds.get(type === "track" ? id(type, call.event ?? "") : type);
  if (found === undefined) return;
  found.calls += 1;
  let failed = null;
  for (const { schema, validate } of found.validators) {
    if (!validate(call)) (failed ??= []).push([schema, validate.errors]);
  }
  if (failed && job.own) noteViolations(found, failed);
  else if (failed) note(found, call, failed);
}

const start = process.hrtime.bigint();
const handle = openSync(job.file, "r");
const buffer = Buffer.allocUnsafe(1 << 20);
let rest = Buffer.alloc(0);
for (let count; (count = readSync(handle, buffer, 0, buffer.length, null)) > 0; ) {
  const data = rest.length ? Buffer.concat([rest, buffer.subarray(0, count)]) : buffer.subarray(0, count);
  let from = 0;
  for (let end; (end = data.indexOf(10, from)) >= 0; from = end + 1) check(data.toString("utf8", from, end));
  rest = Buffer.from(data.subarray(from));
}
if (rest.length) check(rest.toString("utf8"));
const seconds = Number(process.hrtime.bigint() - start) / 1e9;

const counted = results.map(({ places, validators, ...counts }) => counts);
process.stdout.write(JSON.stringify({ seconds, kinds: counted }));
