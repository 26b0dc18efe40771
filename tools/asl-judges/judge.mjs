// Checks definitions with AWS's language service and asl-validator. A file has one definition, or an object of definitions.
//
//   node judge.mjs FILE…
import fs from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { getLanguageService } = require('amazon-states-language-service');
const { TextDocument } = require('vscode-languageserver-textdocument');
const aslValidator = require('asl-validator');

const service = getLanguageService({});

// A resource that is known only at deployment: the validators need an ARN.
const deployed = (definition) =>
  JSON.parse(JSON.stringify(definition), (key, value) =>
    key === 'Resource' && /^\$\{[^}]+\}$/.test(value) ? 'arn:aws:lambda:eu-west-1:123456789012:function:f' : value);

async function complaints(definition) {
  const document = TextDocument.create('file:///x.asl.json', 'json', 1, JSON.stringify(definition, null, 2));
  const found = await service.doValidation(document, service.parseJSONDocument(document));
  const fromService = found.filter((it) => it.severity === 1).map((it) => `language service: ${it.message}`);
  // It modifies its argument.
  const { isValid, errors } = aslValidator(deployed(definition), { checkPaths: true });
  return fromService.concat(isValid ? [] : errors.map((it) => `asl-validator: ${it.Message ?? JSON.stringify(it)}`));
}

let judged = 0;
let failed = 0;
for (const file of process.argv.slice(2)) {
  const json = JSON.parse(fs.readFileSync(file, 'utf8'));
  for (const [name, definition] of json.States ? [[file, json]] : Object.entries(json)) {
    judged += 1;
    for (const complaint of await complaints(definition)) {
      failed += 1;
      console.log(`${name}: ${complaint}`);
    }
  }
}
console.log(`${judged} definitions, ${failed} complaints`);
process.exitCode = failed ? 1 : 0;
