# source: transcripts of speech recognition, WebVTT, SRT
PLUGINS += source-voice
source-voice_SHARED := infile sheet jpath jrec jcapture jescape resume
source-voice_PKGS := yajl
