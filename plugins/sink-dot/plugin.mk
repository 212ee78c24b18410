# sink: genogram and ecomap of one case as a graph for Graphviz
PLUGINS += sink-dot
sink-dot_SHARED := cell kin kin_dot kin_draw kin_layout kin_sink outfile room
sink-dot_LIBS := -lm
