// Package pieces divides the surface of a body into convex pieces that hold all of it and are nowhere farther outside of the body than is
// asked for: approximate convex decomposition (Lien and Amato, "Approximate convex decomposition of polyhedra", 2007).
//
// A part of the surface is what is left of its triangles between planes that cut it off, and its piece is their hull. While a hull is too
// far outside, its part is cut in two by one of some planes: across the axes of the mesh and its own, and along the faces and
// between the faces of dents, as Mamou and Ghorbel ("A simple and efficient approach for 3D mesh approximate convex decomposition", 2009;
// V-HACD) and Wei, Liu, Ling and Su ("Approximate convex decomposition for 3D meshes with collision-aware concavity and tree search", 2022)
// cut. Their search ahead is left out: pieces that have a common hull within the tolerance are joined afterwards, which takes cuts back.
//
// How far a hull is outside is the distance of its surface from the body, not the depth of the dent that it covers, which
// others measure: that is the error of where things touch. A cavity behind an opening that the tolerance covers is so taken for full.
//
// No cut is closed, so that a mesh with holes, with triangles twice or with corners on edges of others is as good as any: what is inside is
// told by winding numbers (Jacobson, Kavan and Sorkine-Hornung, "Robust inside-outside segmentation using generalized winding
// numbers", 2013), and where they are nowhere near whole numbers the mesh is a sheet with no inside.
//
// Nothing is random, and the order of triangles means nothing.
package pieces
