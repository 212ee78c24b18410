# filter: the template to copy for a plugin of your own (docs/writing-a-plugin.md)
PLUGINS += filter-trim
