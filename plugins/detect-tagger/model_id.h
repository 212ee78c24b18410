/* Made by `make model` with the model. */
#ifndef TAGGER_MODEL_ID
#define TAGGER_MODEL_ID "578ec0bb"
#endif
