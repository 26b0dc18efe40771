"""Starts LocalStack's engine on a local port, without Docker and without downloads.

Usage: python serve.py PORT   (needs Python 3.13 or newer with tools/engine/requirements.txt)

LocalStack's own back ends of DynamoDB and Lambda need a jar and Docker, so moto, which LocalStack includes, replaces them.
Its JSONata evaluator needs a Java virtual machine, so jsonata-python, a port of the same reference, replaces it.
"""

import os
import sys
import tempfile

port = int(sys.argv[1])
volume = tempfile.mkdtemp(prefix="engine-")
os.environ.update(
    LOCALSTACK_VOLUME_DIR=volume,
    GATEWAY_LISTEN=f"127.0.0.1:{port}",
    # LocalStack's other server listens on every address.
    GATEWAY_SERVER="hypercorn",
    DISABLE_EVENTS="1",
    SKIP_SSL_CERT_DOWNLOAD="1",
    LS_LOG="error",
    DNS_ADDRESS="0",
)

import jsonata
import moto.core.config
import moto.iam.models
from localstack.aws.api.dynamodb import DynamodbApi
from localstack.aws.api.lambda_ import LambdaApi
from localstack.services import plugins
from localstack.services.moto import MotoFallbackDispatcher
from localstack.services.stepfunctions.asl.jsonata import jsonata as evaluator

# moto looks for the role of a function in its own table, which LocalStack does not fill.
moto.iam.models.IAMBackend.get_role_by_arn = lambda self, arn: None
moto.core.config.default_user_config["lambda"] = {"use_docker": False}
evaluator._eval_jsonata = lambda expression: jsonata.Jsonata(expression).evaluate(None)
for api in (DynamodbApi, LambdaApi):
    plugins.SERVICE_PLUGINS.add_service(
        plugins.Service.for_provider(api(), dispatch_table_factory=MotoFallbackDispatcher)
    )

from localstack.runtime.main import main

main()
