# service: search over cases and records, similar cases, resources and schemes
PLUGINS += service-search
service-search_SHARED := deskday deskrow
service-search_LIBS := -lm
