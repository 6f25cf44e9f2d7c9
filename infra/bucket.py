"""The bucket that holds what is deployed. It must not be public, and it keeps old code for roll-backs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.literals import BucketLocationConstraintType


@dataclass(frozen=True, slots=True)
class Bucket:
    """One stage's bucket in one account and region."""

    client: S3Client
    name: str
    region: str

    def ensure(self) -> None:
        """Create the bucket if it is missing; encryption and the public block are set either way."""
        if not self.exists():
            self._create()
        self.client.put_bucket_encryption(
            Bucket=self.name,
            ServerSideEncryptionConfiguration={
                "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
            },
        )
        self.client.put_public_access_block(
            Bucket=self.name,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "IgnorePublicAcls": True,
                "BlockPublicPolicy": True,
                "RestrictPublicBuckets": True,
            },
        )

    def exists(self) -> bool:
        """Tell whether the bucket is there."""
        return self._found(lambda: self.client.head_bucket(Bucket=self.name))

    def keep(self, key: str, content: bytes) -> str:
        """Store content under a key that names it, once; return the key."""
        if not self._found(lambda: self.client.head_object(Bucket=self.name, Key=key)):
            self.client.put_object(Bucket=self.name, Key=key, Body=content)
        return key

    def url(self, key: str) -> str:
        """Return the address CloudFormation reads a template from."""
        return f"https://s3.{self.region}.amazonaws.com/{self.name}/{key}"

    def remove(self) -> None:
        """Delete the bucket and all in it."""
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name):
            for entry in page.get("Contents", []):
                self.client.delete_object(Bucket=self.name, Key=entry["Key"])
        self.client.delete_bucket(Bucket=self.name)

    def _create(self) -> None:
        if self.region == "us-east-1":  # the one region that must not be named
            self.client.create_bucket(Bucket=self.name)
            return
        region = cast("BucketLocationConstraintType", self.region)
        self.client.create_bucket(Bucket=self.name, CreateBucketConfiguration={"LocationConstraint": region})

    def _found(self, look: Callable[[], Any]) -> bool:
        try:
            look()
        except ClientError as error:
            if error.response["Error"]["Code"] in {"404", "NoSuchBucket", "NoSuchKey", "NotFound"}:
                return False
            raise
        return True
