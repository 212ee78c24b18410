# sink: released rows as JSON Lines
PLUGINS += sink-json
sink-json_SHARED := cell outfile
