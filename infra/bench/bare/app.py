"""A bare Chalice route that only enqueues: no proof of who sends, nothing read, nothing counted.

It is packaged and deployed as it stands, beside Nightdesk, and is no part of it.
"""

from __future__ import annotations

import os
from typing import Any

import boto3
from chalice.app import Chalice, Response

app = Chalice(app_name="bare")
sqs = boto3.client("sqs")


@app.route("/hook", methods=["POST"], content_types=["application/json"])
def hook() -> Response:
    """Queue the body and answer."""
    request: Any = app.current_request
    body = request.raw_body.decode()
    sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=body)
    return Response(status_code=200, body="")
