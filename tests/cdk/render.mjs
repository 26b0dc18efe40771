// Renders each case with the AWS CDK into golden/<set>/<name>.json: `npm ci && npm run render`.
//
// A golden file is the definition that the CDK deploys. Each CloudFormation token becomes a placeholder, `${LogicalId}` or
// `${LogicalId.Attribute}`, and the partition is `aws`. If the CDK rejects a case, the file contains its message.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as cdk from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';

process.env.JSII_DEPRECATED = 'quiet';
const here = path.dirname(fileURLToPath(import.meta.url));

function placeholder(token) {
  if (typeof token === 'string') return token;
  const [[kind, argument]] = Object.entries(token);
  switch (kind) {
    case 'Ref':
      return argument === 'AWS::Partition' ? 'aws' : `\${${argument}}`;
    case 'Fn::GetAtt':
      return `\${${argument.join('.')}}`;
    case 'Fn::Join':
      return argument[1].map(placeholder).join(argument[0]);
    default:
      // An attribute of an attribute has no short form: keep it, without the characters that JSON would escape.
      return `\${${JSON.stringify(token).replaceAll('"', "'")}}`;
  }
}

function render({ build, env, jsonata }) {
  const context = { 'aws:cdk:enable-path-metadata': false, 'aws:cdk:disable-version-reporting': true };
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-goldens-'));
  try {
    const app = new cdk.App({ context, analyticsReporting: false, outdir });
    const stack = new cdk.Stack(app, 'Stack', env ? { env: { account: '111111111111', region: 'us-east-1' } } : {});
    const machine = new sfn.StateMachine(stack, 'StateMachine', {
      definitionBody: sfn.DefinitionBody.fromChainable(build(stack)),
      ...(jsonata ? { queryLanguage: sfn.QueryLanguage.JSONATA } : {}),
    });
    const id = stack.getLogicalId(machine.node.defaultChild);
    const { Resources } = app.synth().getStackByName(stack.stackName).template;
    return JSON.parse(placeholder(Resources[id].Properties.DefinitionString));
  } catch (error) {
    return { refused: error.message.split('\n')[0].replace(/\$\{Token\[[^\]]*\]\}/g, '${Token}') };
  } finally {
    fs.rmSync(outdir, { recursive: true });
  }
}

for (const set of ['gallery', 'properties']) {
  const { cases } = await import(`./cases/${set}.mjs`);
  const folder = path.join(here, 'golden', set);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, it] of Object.entries(cases)) {
    const golden = render(typeof it === 'function' ? { build: it } : it);
    fs.writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(golden, null, 2)}\n`);
  }
}
