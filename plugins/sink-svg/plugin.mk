# sink: genogram and ecomap of one case as SVG
PLUGINS += sink-svg
sink-svg_SHARED := cell kin kin_draw kin_layout kin_sink kin_svg outfile room
sink-svg_LIBS := -lm
