#!/bin/sh
# A backup a day into FOLDER (/backups), of which KEEP (14) stay. ONCE=1 makes one and ends.
set -eu
folder=${FOLDER:-/backups}
keep=${KEEP:-14}
umask 077
while :; do
    file="$folder/pln-coach-$(date -u +%Y%m%dT%H%M%SZ)"
    # Only a whole backup gets its name, and only then an older one goes.
    if pg_dump --format=custom --no-owner --no-privileges --file="$file.part"; then
        mv "$file.part" "$file"
        ls -1 "$folder"/pln-coach-*Z | sort -r | tail -n "+$((keep + 1))" | while read -r old; do rm -- "$old"; done
        echo "backed up to $file"
    else
        rm -f "$file.part"
        echo "no backup was made; it is tried again in a day" >&2
    fi
    [ -n "${ONCE:-}" ] && exit 0
    sleep 86400
done
