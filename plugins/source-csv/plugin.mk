PLUGINS += source-csv
