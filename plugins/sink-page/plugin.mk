# sink: one printable page about one case
PLUGINS += sink-page
sink-page_SHARED := cell kin kin_draw kin_layout kin_svg outfile room
sink-page_LIBS := -lm
