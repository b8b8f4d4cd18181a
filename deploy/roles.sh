#!/bin/sh
# Run once by the database's own image, before anything else connects.
psql -qX -v ON_ERROR_STOP=1 -U postgres \
    -v database="$DATABASE_PASSWORD" -v backup="$BACKUP_PASSWORD" <<'SQL'
create role scs login createrole password :'database';
create role scs_backup login bypassrls password :'backup';
grant pg_read_all_data to scs_backup;
create database scs owner scs template template0 encoding 'UTF8';
SQL
