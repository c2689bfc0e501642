#!/bin/sh
# A backup a day, soon after midnight UTC, into FOLDER (/backups), of which KEEP (14) stay. ONCE=1 makes one now and ends.
set -eu
folder=${FOLDER:-/backups}
keep=${KEEP:-14}
umask 077

make_backup() {
    # Left by one that was killed; it holds people too.
    find "$folder" -maxdepth 1 -name 'pln-coach-[0-9]*Z.part' -mtime +0 -delete
    new="pln-coach-$(date -u +%Y%m%dT%H%M%SZ)"
    # Only a whole backup gets its name, and only then an older one goes.
    if pg_dump --format=custom --no-owner --no-privileges --file="$folder/$new.part" && mv "$folder/$new.part" "$folder/$new"
    then
        ls "$folder" | grep -E '^pln-coach-[0-9]{8}T[0-9]{6}Z$' | grep -vx "$new" | sort -r | tail -n "+$keep" |
            while read -r old; do rm -- "$folder/$old"; done
        echo "backed up to $folder/$new"
    else
        rm -f "$folder/$new.part"
        echo "no backup was made" >&2
        return 1
    fi
}

if [ -n "${ONCE:-}" ]; then
    make_backup
    exit
fi
# Looks each hour whether there is one of today: a failed one is made up for, and a restart pushes no older one out.
while :; do
    ls "$folder" | grep -q "^pln-coach-$(date -u +%Y%m%d)T[0-9]*Z\$" || make_backup || echo "it is tried again in an hour" >&2
    sleep 3600
done
