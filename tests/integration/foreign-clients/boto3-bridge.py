"""Drives boto3 from another program: one JSON request a line on standard input, one JSON reply a line on standard output.

Besides what boto3 parsed, a reply lists what the service sent that botocore's own model of EC2 does not know
(`strangers`): a client that ignores unknown elements would hide a misspelt one.
"""
import base64
import datetime
import json
import os
import sys
import xml.etree.ElementTree as ElementTree

import boto3
import botocore
import botocore.exceptions
from botocore.config import Config

# Instance types grow with every month; the installed model is of one day.
OPEN_ENUMS = {"InstanceType"}


def local_name(element):
    return element.tag.rsplit("}", 1)[-1]


def strangers_in(element, shape, path):
    """Elements and values that the model does not know, as readable paths."""
    found = []
    if shape.type_name == "structure":
        members = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        for child in element:
            name = local_name(child)
            if name not in members:
                found.append(f"{path}.{name}")
            else:
                found += strangers_in(child, members[name], f"{path}.{name}")
    elif shape.type_name == "list":
        for child in element:
            if local_name(child) != "item":
                found.append(f"{path}.{local_name(child)} (expected item)")
            else:
                found += strangers_in(child, shape.member, f"{path}[]")
    else:
        text = element.text or ""
        if len(element):
            found.append(f"{path} (has children)")
        if getattr(shape, "enum", None) and text not in shape.enum and shape.name not in OPEN_ENUMS:
            found.append(f"{path} = {text}")
        if shape.type_name == "boolean" and text not in ("true", "false"):
            found.append(f"{path} = {text} (not a boolean)")
    return found


class Bridge:
    def __init__(self):
        self.strangers = []
        self.inspected = 0
        self.clients = {}

    def client(self, service, secret=None, key=None):
        which = (service, secret, key)
        if which not in self.clients:
            client = boto3.client(
                service,
                endpoint_url=os.environ["PRACTICE_ENDPOINT"],
                region_name="practice-1",
                aws_access_key_id=key or os.environ["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=secret or os.environ["AWS_SECRET_ACCESS_KEY"],
                # What boto3 would refuse itself shall reach the service.
                config=Config(retries={"max_attempts": 0}, parameter_validation=False),
            )
            if service == "ec2":
                client.meta.events.register("response-received.ec2.*", self.inspector(client.meta.service_model))
            self.clients[which] = client
        return self.clients[which]

    def inspector(self, service_model):
        """Looks at every reply as it came, before botocore parsed it."""

        def inspect(event_name, response_dict, **_):
            if response_dict is None or response_dict["status_code"] >= 300:
                return
            model = service_model.operation_model(event_name.rsplit(".", 1)[-1])
            self.inspected += 1
            root = ElementTree.fromstring(response_dict["body"])
            if root.tag != "{http://ec2.amazonaws.com/doc/2016-11-15/}" + model.name + "Response":
                self.strangers.append(f"root element {root.tag}")
            for child in list(root):
                # EC2 itself sends these two, also where the model has no output.
                if local_name(child) == "requestId" or (local_name(child) == "return" and child.text == "true"):
                    root.remove(child)
            if model.output_shape is not None:
                self.strangers += strangers_in(root, model.output_shape, model.name)

        return inspect

    def reply(self, request):
        self.strangers = []
        self.inspected = 0
        client = self.client(request.get("service", "ec2"), request.get("secret"), request.get("key"))
        kind, params = request["kind"], request.get("params", {})
        try:
            if kind == "call":
                value = getattr(client, request["operation"])(**params)
            elif kind == "pages":
                value = list(client.get_paginator(request["operation"]).paginate(**params))
            elif kind == "wait":
                client.get_waiter(request["operation"]).wait(WaiterConfig={"Delay": 0.1, "MaxAttempts": 150}, **params)
                value = None
            elif kind == "presign":
                value = client.generate_presigned_url(
                    request["operation"], Params=params, ExpiresIn=request.get("expires", 60), HttpMethod="GET"
                )
            elif kind == "version":
                value = botocore.__version__
            else:
                # The names of a call's parameters on the wire, as the model has them.
                model = client.meta.service_model.operation_model(request["operation"])
                value = []
                for name, member in model.input_shape.members.items():
                    wire = member.serialization.get("queryName")
                    location = member.serialization.get("name", name)
                    value.append(wire or location[0].upper() + location[1:])
            if kind == "call" and request.get("service", "ec2") == "ec2" and self.inspected == 0:
                return {"broken": "no reply was looked at", "strangers": []}
            return {"value": value, "strangers": self.strangers}
        except botocore.exceptions.ClientError as error:
            return {
                "refused": {
                    "code": error.response["Error"]["Code"],
                    "message": error.response["Error"]["Message"],
                    "status": error.response["ResponseMetadata"]["HTTPStatusCode"],
                },
                "strangers": self.strangers,
            }
        except Exception as error:  # the other side reads it
            return {"broken": f"{type(error).__name__}: {error}", "strangers": self.strangers}


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"cannot say {type(value).__name__} in JSON")


bridge = Bridge()
for line in sys.stdin:
    print(json.dumps(bridge.reply(json.loads(line)), default=plain), flush=True)
