# detector: the people of the case's own roster, in the forms in which they are written
PLUGINS += detect-roster
detect-roster_SHARED := jtext jwords jset jnum jname jplace
