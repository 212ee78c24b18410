# service: tasks, and alerts by rules; in the app, by mail, by webhook
PLUGINS += service-alert
service-alert_SHARED := deskday deskrow
service-alert_PKGS := libcurl libcrypto
