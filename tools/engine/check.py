"""Deploys exported templates to an engine, runs them, and checks their effects and outputs.

Usage: python check.py ORDER_FULFILLMENT   (with tools/engine/requirements.txt and a built `sfn-tasks`)

The template is the output of `sfn-tasks export --fragment`, merged with the resources of the workflow, as a user would do
it. The engine (serve.py) interprets the CloudFormation and the definition. This script resolves no references.
"""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import boto3

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
CLI = ROOT / "target" / "debug" / "sfn-tasks"
SECONDS_TO_START = 90
SECONDS_TO_DEPLOY = 90
SECONDS_TO_RUN = 120


def table(key):
    return {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
        },
    }


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


class Engine:
    def __init__(self):
        port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, HERE / "serve.py", str(port)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.settings = {
            "endpoint_url": f"http://127.0.0.1:{port}",
            "region_name": "us-east-1",
            "aws_access_key_id": "111122223333",
            "aws_secret_access_key": "x",
        }
        until = time.time() + SECONDS_TO_START
        while time.time() < until:
            if self.process.poll() is not None:
                sys.exit(f"the engine ended: {self.process.stdout.read().decode()[-2000:]}")
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.3)
        sys.exit("the engine did not start")

    def client(self, service):
        return boto3.client(service, **self.settings)

    def stop(self):
        # It does not always end when it is terminated.
        os.killpg(self.process.pid, signal.SIGKILL)


def export(definition, folder, bind):
    source = folder / "definition.asl.json"
    source.write_text(json.dumps(definition))
    command = [CLI, "export", source, "--fragment", "--format", "json", "--logical-id", "Machine", "--unbound", "error"]
    for name, value in bind.items():
        command += ["--bind", f"{name}={value}"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def deploy(engine, name, template, parameters):
    """The physical ID of each resource."""
    formation = engine.client("cloudformation")
    given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
    formation.create_stack(StackName=name, TemplateBody=json.dumps(template), Parameters=given, Capabilities=["CAPABILITY_IAM"])
    until = time.time() + SECONDS_TO_DEPLOY
    while time.time() < until:
        status = formation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        if status == "CREATE_COMPLETE":
            found = formation.describe_stack_resources(StackName=name)["StackResources"]
            return {it["LogicalResourceId"]: it["PhysicalResourceId"] for it in found}
        if status.endswith("FAILED") or "ROLLBACK" in status:
            events = formation.describe_stack_events(StackName=name)["StackEvents"]
            reasons = [it.get("ResourceStatusReason", "") for it in events if "FAILED" in it["ResourceStatus"]]
            raise AssertionError(f"{name}: {status}: {reasons}")
        time.sleep(0.2)
    raise AssertionError(f"{name}: not deployed in {SECONDS_TO_DEPLOY} s")


def run(engine, machine, case, answer):
    states = engine.client("stepfunctions")
    arn = states.start_execution(stateMachineArn=machine, input=json.dumps(case["input"]))["executionArn"]
    until = time.time() + SECONDS_TO_RUN
    answered = False
    while time.time() < until:
        execution = states.describe_execution(executionArn=arn)
        if execution["status"] != "RUNNING":
            events = states.get_execution_history(executionArn=arn, maxResults=1000)["events"]
            entered = [it["stateEnteredEventDetails"]["name"] for it in events if "stateEnteredEventDetails" in it]
            return execution, entered
        if answer and not answered:
            answered = answer(arn, case)
        time.sleep(0.2)
    raise AssertionError(f"still running: {case}")


def answer_with(states, token, answer):
    if "success" in answer:
        states.send_task_success(taskToken=token, output=json.dumps(answer["success"]))
    else:
        error, cause = answer["failure"]
        states.send_task_failure(taskToken=token, error=error, cause=cause)
    return True


def from_queue(engine, url):
    """Calls back with the token in a message of the queue."""

    def answer(_, case):
        messages = engine.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=1).get("Messages", [])
        for message in messages:
            engine.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            token = json.loads(message["Body"])["token"]
            return answer_with(engine.client("stepfunctions"), token, case["answer"])
        return False

    return answer


def from_activity(engine, arn):
    """Works the activity."""

    def answer(_, case):
        states = engine.client("stepfunctions")
        token = states.get_activity_task(activityArn=arn, workerName="judge").get("taskToken")
        return bool(token) and answer_with(states, token, case["answer"])

    return answer


def from_history(engine):
    """Calls back with the token in the parameters of a call."""

    def answer(arn, case):
        states = engine.client("stepfunctions")
        for event in states.get_execution_history(executionArn=arn)["events"]:
            parameters = event.get("taskScheduledEventDetails", {}).get("parameters", "{}")
            token = json.loads(parameters).get("Payload", {}).get("token")
            if token:
                return answer_with(states, token, case["answer"])
        return False

    return answer


def compare(name, case, execution, entered, message=None):
    """The differences from the expectations of the case."""
    actual = {
        "status": execution["status"],
        "output": json.loads(execution["output"]) if "output" in execution else None,
        "error": execution.get("error"),
        "cause": execution.get("cause"),
        "states": entered,
        "message": message,
    }
    wrong = {key: actual[key] for key in actual.keys() & case.keys() if actual[key] != case[key]}
    return f"{name} {case['input']}: {wrong}, expected { {key: case[key] for key in wrong} }" if wrong else None


def receive(engine, url):
    messages = engine.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=5).get("Messages", [])
    for message in messages:
        engine.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return json.loads(message["Body"])
    return None


def workflow(engine, name, it, folder):
    template = export(it["definition"], folder, it.get("bind", {}))
    template["Resources"].update(it.get("resources", {}))
    ids = deploy(engine, name, template, it.get("parameters", {}))
    if "object" in it:
        bucket, key, value = it["object"]
        engine.client("s3").put_object(Bucket=ids[bucket], Key=key, Body=json.dumps(value))
    for case in it["cases"]:
        answer = None
        if "answer" in case:
            answer = from_activity(engine, ids[it["works"]]) if "works" in it else from_queue(engine, ids["Queue"])
        execution, entered = run(engine, ids["Machine"], case, answer)
        message = (receive(engine, ids[it["inbox"]]) or {}).get("Message") if "inbox" in it else None
        yield compare(name, case, execution, entered, message)


def order(number, total, approved=False, count=1):
    lines = [{"M": {"sku": {"S": "tea"}, "count": {"N": str(count)}}}]
    item = {"id": {"S": number}, "total": {"N": str(total)}, "lines": {"L": lines}}
    return item | ({"approved": {"BOOL": True}} if approved else {})


ORDERS = [
    {"item": order("1", 10, approved=True), "status": "SUCCEEDED", "shipped": True, "alert": False},
    {"item": order("2", 900), "answer": {"success": {"by": "Ann"}}, "status": "SUCCEEDED", "shipped": True, "alert": False},
    {"item": order("3", 900), "answer": {"failure": ["No", "too dear"]}, "status": "FAILED", "shipped": False, "alert": True},
    {"item": order("4", 10, approved=True, count=99), "status": "FAILED", "shipped": False, "alert": True},
    {"item": None, "id": "none", "status": "FAILED", "error": "Orders.Unknown", "shipped": False, "alert": False},
]


def order_fulfillment(engine, definition, folder):
    bind = {
        "OrdersTable": "!Ref Orders",
        "StockTable": "!Ref Stock",
        "AlertsTopicArn": "!Ref Alerts",
        "ShippingQueueUrl": "!Ref Shipping",
        "AskApprovalFunctionArn": "!GetAtt Function.Arn",
    }
    function = json.loads((HERE / "workflows.json").read_text())["function"]["resources"]
    template = export(definition, folder, bind)
    template["Resources"].update(
        function,
        Orders=table("id"),
        Stock=table("sku"),
        Shipping={"Type": "AWS::SQS::Queue"},
        Inbox={"Type": "AWS::SQS::Queue"},
        Alerts={"Type": "AWS::SNS::Topic"},
        Subscription={
            "Type": "AWS::SNS::Subscription",
            "Properties": {
                "TopicArn": {"Ref": "Alerts"},
                "Protocol": "sqs",
                "Endpoint": {"Fn::GetAtt": ["Inbox", "Arn"]},
            },
        },
    )
    ids = deploy(engine, "order-fulfillment", template, {})
    database = engine.client("dynamodb")
    database.put_item(TableName=ids["Stock"], Item={"sku": {"S": "tea"}, "stock": {"N": "10"}})
    for number, case in enumerate(ORDERS):
        if case["item"]:
            database.put_item(TableName=ids["Orders"], Item=case["item"])
        case = case | {"input": {"orderId": case["item"]["id"]["S"] if case["item"] else case["id"]}}
        execution, entered = run(engine, ids["Machine"], case, from_history(engine) if "answer" in case else None)
        wrong = compare("order_fulfillment", case, execution, entered)
        if (receive(engine, ids["Shipping"]) is not None) != case["shipped"]:
            wrong = f"order_fulfillment {number}: shipped is not {case['shipped']} ({entered})"
        if (receive(engine, ids["Inbox"]) is not None) != case["alert"]:
            wrong = f"order_fulfillment {number}: the alert is not {case['alert']} ({entered})"
        yield wrong


def main():
    definition = json.loads(pathlib.Path(sys.argv[1]).read_text())
    workflows = json.loads((HERE / "workflows.json").read_text())
    folder = ROOT / "target" / "engine"
    folder.mkdir(parents=True, exist_ok=True)
    engine = Engine()
    judged = failed = 0
    try:
        pieces = [("order_fulfillment", lambda: order_fulfillment(engine, definition, folder))]
        pieces += [(name, lambda name=name, it=it: workflow(engine, name, it, folder)) for name, it in workflows.items()]
        for name, piece in pieces:
            try:
                for wrong in piece():
                    judged += 1
                    if wrong:
                        failed += 1
                        print(wrong)
            except AssertionError as error:
                judged += 1
                failed += 1
                print(f"{name}: {error}")
    finally:
        engine.stop()
    print(f"checked {judged} executions of {len(workflows) + 1} deployed workflows, {failed} differ")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
