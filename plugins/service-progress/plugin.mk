# service: progress of support (支援進捗), of a case and as a board
PLUGINS += service-progress
service-progress_SHARED := deskday deskrow
