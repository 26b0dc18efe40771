// Builds and renders the chain of benches/build_and_render.rs with the AWS CDK and prints median seconds.
//
//   npm install && node bench.mjs 1000
//
// `synthSeconds` is the time that a user of the CDK waits for: the tasks, the state machine with its policy, and the template,
// without validation. `definitionSeconds` has only the tasks, their chain and the text of the definition. The resources of the
// tasks are imported, so that none is synthesized.
import { createRequire } from 'node:module';

process.env.CDK_DISABLE_STACK_TRACE = '1';
const require = createRequire(import.meta.url);
const cdk = require('aws-cdk-lib');
const sfn = require('aws-cdk-lib/aws-stepfunctions');
const tasks = require('aws-cdk-lib/aws-stepfunctions-tasks');
const { Function: Lambda } = require('aws-cdk-lib/aws-lambda');
const { Topic } = require('aws-cdk-lib/aws-sns');
const { Queue } = require('aws-cdk-lib/aws-sqs');
const { Table } = require('aws-cdk-lib/aws-dynamodb');

function tasksInARow(count) {
  const app = new cdk.App({ analyticsReporting: false });
  const stack = new cdk.Stack(app, 'Stack');
  const table = Table.fromTableName(stack, 'Table', 'orders');
  const lambdaFunction = Lambda.fromFunctionArn(stack, 'Function', 'arn:aws:lambda:eu-west-1:123456789012:function:f');
  const topic = Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-west-1:123456789012:topic');
  const queue = Queue.fromQueueArn(stack, 'Queue', 'arn:aws:sqs:eu-west-1:123456789012:queue');
  const at = sfn.JsonPath.stringAt;
  const make = [
    (i) => new tasks.DynamoGetItem(stack, `Get ${i}`, {
      table, key: { id: tasks.DynamoAttributeValue.fromString(at('$.order.id')) }, resultPath: '$.item',
    }),
    (i) => new tasks.LambdaInvoke(stack, `Invoke ${i}`, {
      lambdaFunction, payload: sfn.TaskInput.fromObject({ item: sfn.JsonPath.objectAt('$.item'), count: 3 }),
    }),
    (i) => new tasks.SnsPublish(stack, `Publish ${i}`, {
      topic, message: sfn.TaskInput.fromObject({ id: at('$.order.id'), state: 'done' }),
    }),
    (i) => new tasks.SqsSendMessage(stack, `Send ${i}`, {
      queue, messageBody: sfn.TaskInput.fromJsonPathAt('$.order'), delay: cdk.Duration.seconds(5),
    }),
  ];
  const first = make[0](0);
  let last = first;
  for (let i = 1; i < count; i++) {
    const next = make[i % 4](i);
    last.next(next);
    last = next;
  }
  return { app, stack, first };
}

function definition(count) {
  const { stack, first } = tasksInARow(count);
  const graph = new sfn.StateGraph(first, 'bench');
  return stack.toJsonString(stack.resolve(graph.toGraphJson()));
}

function synth(count) {
  const { app, stack, first } = tasksInARow(count);
  new sfn.StateMachine(stack, 'Machine', { definitionBody: sfn.DefinitionBody.fromChainable(first) });
  return app.synth({ skipValidation: true });
}

function median(run) {
  run();
  const seconds = Array.from({ length: 7 }, () => {
    const start = process.hrtime.bigint();
    run();
    return Number(process.hrtime.bigint() - start) / 1e9;
  });
  return seconds.sort((a, b) => a - b)[3];
}

const count = Number(process.argv[2] ?? 1000);
console.log(JSON.stringify({
  tasks: count,
  synthSeconds: median(() => synth(count)),
  definitionSeconds: median(() => definition(count)),
}));
