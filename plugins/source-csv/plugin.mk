PLUGINS += source-csv
source-csv_SHARED := infile resume room
# libcsv is the reference of a test; the plugin itself does not need it
$(BUILD)/tests/plugins/source-csv/test_reference: override EXTRA_LIBS = -lcsv
$(BUILD)/fuzz/fuzz_csv: $(patsubst %.c,$(BUILD)/obj/%.o,$(filter-out plugins/source-csv/test_%,$(wildcard plugins/source-csv/*.c))) $(BUILD)/obj/plugins/shared/infile.o $(BUILD)/obj/plugins/shared/resume.o $(BUILD)/obj/plugins/shared/room.o
