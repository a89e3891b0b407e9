#!/bin/sh
# The role of web, worker and beat. manage.py grant_rights, in the service migrate, says what it may do.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$SERVICE_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE portal_service LOGIN PASSWORD :'password';
SQL
