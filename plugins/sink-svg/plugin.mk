# sink: genogram and ecomap of one case as SVG
PLUGINS += sink-svg
sink-svg_SHARED := cell kin kin_layout kin_svg outfile room
sink-svg_LIBS := -lm
