# source: records of a kintone app, over its REST API or from saved pages
PLUGINS += source-kintone
source-kintone_SHARED := infile ktrest sheet jpath jrec jcapture jescape resume label
source-kintone_PKGS := libcurl jansson yajl
