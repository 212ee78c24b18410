# detector: personal information by shape and context
PLUGINS += detect-pattern
detect-pattern_SHARED := jtext jwords jset jnum jname jplace jtown
