// Compiles each construct in a folder with TypeScript's strict checks, and synthesizes it into a template next to it.
//
//   node cdk.mjs FOLDER     (in tests/cdk, where the CDK is installed)
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const folder = path.resolve(process.argv[2]);
const require = createRequire(path.join(process.cwd(), 'package.json'));
const ts = require('typescript');
const cdk = require('aws-cdk-lib');

const files = fs.readdirSync(folder).filter((name) => name.endsWith('.ts')).map((name) => path.join(folder, name));
const options = {
  strict: true, noUnusedParameters: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS,
  skipLibCheck: true, types: [], outDir: folder, rootDir: folder,
};
const program = ts.createProgram(files, options);
const complaints = [...program.emit().diagnostics, ...ts.getPreEmitDiagnostics(program)];
for (const it of complaints) {
  console.log(`${it.file?.fileName}: ${ts.flattenDiagnosticMessageText(it.messageText, '\n')}`);
}
let failed = complaints.length;
// The folder is a separate package, so that Node.js loads the output as CommonJS.
fs.writeFileSync(path.join(folder, 'package.json'), '{"type": "commonjs"}');
for (const file of files) {
  try {
    const module = createRequire(pathToFileURL(file))(file.replace(/\.ts$/, '.js'));
    const Construct = Object.values(module).find((it) => typeof it === 'function');
    const app = new cdk.App({ analyticsReporting: false });
    const stack = new cdk.Stack(app, 'Stack');
    const props = new Proxy({}, { get: (_, name) => cdk.Fn.importValue(`property ${String(name)}`) });
    new Construct(stack, 'Judged', props);
    const template = app.synth().getStackByName('Stack').template;
    const kinds = Object.values(template.Resources).map((it) => it.Type);
    if (!kinds.includes('AWS::StepFunctions::StateMachine')) throw new Error('no state machine');
    fs.writeFileSync(file.replace(/\.ts$/, '.json'), JSON.stringify(template));
  } catch (error) {
    failed += 1;
    console.log(`${file}: ${error.stack ?? error}`);
  }
}
console.log(`${files.length} constructs, ${failed} complaints`);
process.exitCode = failed ? 1 : 0;
