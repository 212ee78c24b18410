# sink: released rows as Excel workbooks, lists and forms
PLUGINS += sink-xlsx
sink-xlsx_SHARED := cell outfile
sink-xlsx_PKGS := xlsxwriter
