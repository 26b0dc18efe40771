// Builds and renders the chain of benches/build_and_render.rs with the AWS CDK and prints the median seconds.
//
//   npm install && node bench.mjs 1000
//
// Only what sfn-tasks does too is timed: making the tasks, chaining them, and the text of the definition. Validation
// is off. Resources that the tasks name are imported, so that none is synthesized.
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

function build(count) {
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
  const graph = new sfn.StateGraph(first, 'bench');
  return stack.toJsonString(stack.resolve(graph.toGraphJson()));
}

const count = Number(process.argv[2] ?? 1000);
const rounds = 7;
build(count);
const seconds = Array.from({ length: rounds }, () => {
  const start = process.hrtime.bigint();
  build(count);
  return Number(process.hrtime.bigint() - start) / 1e9;
}).sort((a, b) => a - b);
console.log(JSON.stringify({ tasks: count, medianSeconds: seconds[Math.floor(rounds / 2)] }));
