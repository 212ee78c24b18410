# source: lists and forms in Excel workbooks
PLUGINS += source-xlsx
source-xlsx_SHARED := opc opcxml room label resume
source-xlsx_PKGS := libzip libxml-2.0
