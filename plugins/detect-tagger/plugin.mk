# detector: names of people, places and facilities by a statistical model
PLUGINS += detect-tagger
detect-tagger_SHARED := jtext jwords jset jnum jname
detect-tagger_LIBS := -lm
$(BUILD)/obj/plugins/detect-tagger/builtin.o: plugins/detect-tagger/tagger.model

# The trainer: `make model DATA=FOLDER` learns tagger.model anew; FOLDER holds ner-dev/, names/, social-resources/.
TAGGER_TRAIN_O := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard plugins/detect-tagger/train/*.c) \
	$(filter-out %/tagger.c %/builtin.c plugins/detect-tagger/test_%,$(wildcard plugins/detect-tagger/*.c)) \
	$(detect-tagger_SHARED:%=plugins/shared/%.c))
$(BUILD)/bin/tagger-train: $(TAGGER_TRAIN_O) $(LIBHUB)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(SANFLAGS) $(LDFLAGS) -o $@ $(TAGGER_TRAIN_O) $(LIBHUB) $(LIBS_HUB) $(detect-tagger_LIBS) -lz

.PHONY: model
model: $(BUILD)/bin/tagger-train ## learn plugins/detect-tagger/tagger.model anew (DATA: folder of ner-dev, names, social-resources)
	$(Q)$(BUILD)/bin/tagger-train learn --data $(DATA) --templates plugins/detect-tagger/templates \
		--out plugins/detect-tagger/tagger.model
