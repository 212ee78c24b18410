/* The model, as `make model` wrote it, becomes part of the plugin: no path to configure, and one copy in
 * memory for all processes. */
#include "model.h"

__asm__(".section .rodata\n"
	".balign 64\n"
	"tagger_model:\n"
	".incbin \"plugins/detect-tagger/tagger.model\"\n"
	"tagger_model_end:\n"
	".byte 0\n"
	".previous\n");

extern const char tagger_model[] __attribute__((visibility("hidden")));
extern const char tagger_model_end[] __attribute__((visibility("hidden")));

struct hub_str model_builtin(void)
{
	return (struct hub_str){tagger_model, (size_t)(tagger_model_end - tagger_model)};
}
