# source: records of a kintone app, over its REST API or from saved pages
PLUGINS += source-kintone
source-kintone_SHARED := infile sheet
source-kintone_PKGS := libcurl jansson
