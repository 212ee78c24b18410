# source: fixed-width records
PLUGINS += source-fixed
source-fixed_SHARED := infile sheet resume label
