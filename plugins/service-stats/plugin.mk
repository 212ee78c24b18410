# service: figures of the forms (帳票), as the asker's agency may have them
PLUGINS += service-stats
