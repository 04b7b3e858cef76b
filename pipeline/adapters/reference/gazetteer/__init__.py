"""Builds the gazetteer from packaged data: `build.build_gazetteer`."""
