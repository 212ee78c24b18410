/* Made by `make model` with the model. */
#ifndef TAGGER_MODEL_ID
#define TAGGER_MODEL_ID "a5d74911"
#endif
