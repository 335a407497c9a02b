// Package raster draws a [scene.Scene] into an image with the processor alone: no OpenGL, no cgo, no
// screen. It makes pictures, videos (GIF, and MP4 where ffmpeg is) and the readings of depth and segmentation cameras.
//
// Spheres, capsules, boxes, cylinders, cones and planes are hit exactly by one ray per pixel, meshes
// by a triangle rasterizer that computes the same ray hits; both write one depth buffer per tile of
// 16×16 pixels and every pixel is shaded once. Shadows are exact too: a ray toward the light, tested
// only against what a grid across the light says may be in the way. Eight more rays per pixel are cast
// where the surface, its face or its shadow differs between neighbors, so edges are smooth and flat
// areas cost nothing extra.
//
// A [Renderer] keeps its memory and belongs to one goroutine; it spreads tiles over workers of its own.
// The picture has the same bytes for any number of workers.
//
// Depth is the distance along the ray from the eye in meters. Colors are sRGB; light is computed in
// linear color.
package raster
