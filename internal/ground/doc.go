// Package ground knows surfaces of triangles that do not move: which edges and vertices stick out of them, and which
// triangles are near a box. What bodies touch of them, internal/collide decides.
package ground
