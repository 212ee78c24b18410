# sink: released rows as XML, valid against the derived XSD
PLUGINS += sink-xml
sink-xml_SHARED := cell outfile
sink-xml_PKGS := libxml-2.0
