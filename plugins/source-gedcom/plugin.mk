# source: family trees (GEDCOM 5.5.1 and 7)
PLUGINS += source-gedcom
source-gedcom_SHARED := infile sheet room resume
