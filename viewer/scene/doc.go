// Package scene describes what a picture of a simulation shows: shapes with poses and colors, the
// ground, force arrows, traces, frames, markers, text, plots, a camera and a light. It is plain data;
// every renderer (window, pure-Go pictures, browser replay) draws the same [Scene].
//
// Conventions. Lengths are meters, angles radians, the world is right-handed with z up. A [Color] is
// sRGB with alpha, each in [0, 1]; the zero Color means "the renderer chooses". Widths of lines are
// pixels of a picture 720 pixels high and scale with the picture. Zero means "the default" wherever a
// default makes sense; each field says which.
//
// A Scene is meant to be filled again for every frame: [Scene.Reset] empties the lists and keeps their
// memory.
//
// What a scene means is decided here, once for all renderers: [Overlay] lays text and charts out in the letters of
// [Typeface].
//
// A [Mesh] is one of package models/mesh, which reads the files of robots.
package scene
