#!/bin/sh
# A fake of csexport: csexport "<connector>" "<file>" /f:x. It copies what the state's folder holds for the connector.
[ "$3" = "/f:x" ] || { echo "usage" >&2; exit 1; }
[ -e "$2" ] && { echo "the file exists" >&2; exit 1; }
if [ -e "$GWB_FAKE_ADSYNC/csexport.fails" ]; then echo "CN=Erika Muster,DC=contoso,DC=example can't be exported" >&2; exit 1; fi
source="$GWB_FAKE_ADSYNC/$1.xml"
if [ -e "$source" ]; then cat "$source" >"$2"; else echo '<?xml version="1.0"?><cs-objects></cs-objects>' >"$2"; fi
echo "Successfully exported connector space to file"
