#!/usr/bin/env bash
# What docker-compose.yml uses of the real image's entry point.
set -euo pipefail
[ "$1" = postgres ] || exec "$@"
if [ "$(id -u)" = 0 ]; then
  password=$(cat "$POSTGRES_PASSWORD_FILE")
  mkdir -p "$PGDATA"
  chown -R postgres:postgres /var/lib/postgresql
  POSTGRES_PASSWORD=$password exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") --auth-local=trust --auth-host=scram-sha-256
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  # while it initialises, it listens on its socket only
  pg_ctl -w -o "-c listen_addresses=''" start
  [ "$POSTGRES_DB" = postgres ] || createdb -U "$POSTGRES_USER" "$POSTGRES_DB"
  pg_ctl -w -m fast stop
fi
unset POSTGRES_PASSWORD
exec "$@" -c listen_addresses='*'
