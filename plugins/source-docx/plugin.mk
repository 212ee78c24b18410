# source: tables, forms and logs in Word documents
PLUGINS += source-docx
source-docx_SHARED := opc opcxml room label sheet resume
source-docx_PKGS := libzip libxml-2.0
