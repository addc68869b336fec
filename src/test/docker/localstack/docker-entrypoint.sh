#!/bin/sh
export VGW_PORT=:4566 ROOT_ACCESS_KEY_ID="${AWS_ACCESS_KEY_ID:-test}" ROOT_SECRET_ACCESS_KEY="${AWS_SECRET_ACCESS_KEY:-test}"
mkdir -p /srv/s3
exec versitygw posix /srv/s3
