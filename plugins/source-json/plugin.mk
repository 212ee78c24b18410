# source: JSON documents and JSON Lines
PLUGINS += source-json
source-json_SHARED := infile sheet jpath jrec jcapture jescape resume label
source-json_PKGS := yajl
