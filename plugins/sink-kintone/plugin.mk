# sink: records of a kintone app, updated by key
PLUGINS += sink-kintone
sink-kintone_SHARED := cell infile ktrest label outfile
sink-kintone_PKGS := libcurl jansson
