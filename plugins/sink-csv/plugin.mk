# sink: released rows as CSV files that programs and spreadsheets read without damage
PLUGINS += sink-csv
sink-csv_SHARED := cell outfile label
