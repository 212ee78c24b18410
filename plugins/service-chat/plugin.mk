# service: threads between agencies, date polls, iCalendar
PLUGINS += service-chat
service-chat_PKGS := libical
