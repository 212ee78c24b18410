# source: XML documents
PLUGINS += source-xml
source-xml_SHARED := infile sheet jpath resume label
source-xml_PKGS := libxml-2.0
